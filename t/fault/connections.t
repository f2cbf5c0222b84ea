# A host that may open few connections to MySQL (BOOKSHARE_MYSQL_CONNECTIONS): more workers than connections, no Redis,
# and nothing fails.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(time);

use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(is_running);
use BookShare::Test;

my $most = 2;
my @held;
my $stack = stack(rows => 1050, workers => 5, redis_url => 'off', env => { BOOKSHARE_MYSQL_CONNECTIONS => $most });
$stack->mysql("ALTER USER bookshare\@localhost WITH MAX_USER_CONNECTIONS $most");

# The connections of our account.
sub connections {
    return ($stack->mysql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'bookshare'"))[0][0];
}

sub is_verified { my ($page) = @_; return $page->{status} == 200 && header($page, 'Cache-Status') !~ /unverified/ }

# Connections that the server has refused, by its own count.
sub not_let_in { return ($stack->mysql("SHOW GLOBAL STATUS LIKE 'Aborted_connects'"))[0][1] }

# The same by the workers' log: those that they gave up.
sub refused { return scalar(log_lines(qr/BOOKSHARE_MYSQL_CONNECTIONS should be/)) }

# Connects as our account, runs a statement, and returns whether the server lets it in.
sub gets_in {
    my ($sql) = @_;
    my ($program) = $stack->mysql_client;
    local $ENV{MYSQL_PWD} = ($stack->read_file('my.cnf') =~ /^user = bookshare\npassword = (\w+)$/m)[0];
    my ($status) = $stack->run_program('', $program, '--no-defaults', '--socket=' . $stack->socket('mysql'), '--user=bookshare', '-e', $sql // 'DO 1');
    return $status == 0;
}

# The workers that hold a connection: they have the file of its slot open.
sub holders {
    return grep {
        my $pid = $_;
        grep { (readlink // '') =~ /slots-mysql$/ } glob "/proc/$pid/fd/*";
    } workers();
}

# Stops the workers that hold the connections, and returns them.
sub stop_holders {
    return @{ wait_for('all connections to be held', 20, sub {
        GET('/list');
        my @pids = holders();
        return if @pids != $most;
        kill 'STOP', @pids;
        for my $pid (@pids) {
            wait_for("worker $pid to stop", 5, sub { !is_running($pid) });
        }
        return [@pids] if "@pids" eq join ' ', holders();
        kill 'CONT', @pids;
        return;
    }) };
}

# Until every worker has the index at the version of the last write. One that has not shows nothing from it.
sub wait_for_index {
    wait_for('the index', 20, sub { !grep { !from_index($_) } everywhere(sub { GET('/list') }) });
    return;
}

wait_for_index();

topic 'many readers and writers at once: none fails, and MySQL refuses no connection' => 4, sub {
    my @readers = map { behind(sub { join ' ', map { GET('/list?page=' . (1 + $_ % 10))->{status} } 1 .. 40 }) } 1 .. 6;
    my @writers = map {
        my $writer = $_;
        behind(sub { join ' ', map { POST('/add', { book_id => "!$writer-$_", title => 'x' })->{status} } 1 .. 8 });
    } 1 .. 3;
    is_deeply [map { $_->() } @readers], [(join ' ', (200) x 40) x 6], 'readers';
    is_deeply [map { $_->() } @writers], [(join ' ', (303) x 8) x 3], 'writers';
    is refused(), 0, 'no connection too many';
    is message(GET('/list')) =~ /Length: (\d+)/ ? $1 : 0, 1074, 'every book is there';
};

topic 'all connections are held: pages come from the index, marked; a write is refused in time' => 9, sub {
    wait_for_index();
    @held = stop_holders();
    ok !gets_in(), 'the server lets nobody else in';
    my $started = time;
    my $page = GET('/list?page=3');
    is $page->{status}, 200;
    is header($page, 'Cache-Status'), 'bookshare; hit; detail=unverified';
    is scalar(() = rows($page)), 100;
    cmp_ok time - $started, '<', patience(2), 'in time';
    $started = time;
    my $answer = POST('/add', { book_id => '!late', title => 'x' });
    is $answer->{status}, 503, 'a write';
    like header($answer, 'Retry-After'), qr/^[1-9]\d*$/;
    shows $answer, qr/All connections to the database are in use/;
    cmp_ok time - $started, '<', patience(8), 'in time';
};

topic 'a holder that dies gives its connection back' => 2, sub {
    allow(qr/worker \d+ died of signal 9/);
    kill 'KILL', $held[0];
    ok wait_for('a page that is sure', 10, sub { is_verified(GET('/list?page=3')) });
    is POST('/add', { book_id => '!freed', title => 'x' })->{status}, 303, 'a write';
    kill 'CONT', $held[1];
};

topic 'a worker that waits gets the connection of one that idles' => 1, sub {
    my @held = stop_holders();
    kill 'CONT', @held;
    ok !(grep { !is_verified($_) } map { GET('/list') } 1 .. 40), 'every page is sure';
};

topic 'at rest no connection is held' => 2, sub {
    ok wait_for('the workers to give theirs back', 20, sub { connections() == 0 });
    ok is_verified(GET('/list')), 'and they come back';
};

# Without indexes, which idle workers keep up to date: they give up earlier than a writer.
topic 'a connection that the server still counts, though nobody holds it, is waited for' => 4, sub {
    $stack->stop_pool;
    local $stack->{env}{BOOKSHARE_FIND_INDEX} = 'off';
    $stack->start_pool;
    my $refused = refused();
    wait_for('no connection', 20, sub { connections() == 0 });
    my $release = session(q{DO GET_LOCK('other', 0)});
    my $before = not_let_in();
    my $other = behind(sub { gets_in(q{DO GET_LOCK('other', 100); DO SLEEP(0.3)}) });
    wait_for('it to be counted', 20, sub { connections() == 1 });
    my @writers = map { my $writer = $_; behind(sub { POST('/add', { book_id => "!C$writer", title => 'x' })->{status} }) } 1 .. 4;
    wait_for('a worker to be refused', 20, sub { not_let_in() > $before });
    $release->();
    is_deeply [map { $_->() } @writers], [(303) x 4], 'writers';
    ok $other->(), 'the other one was let in';
    is refused(), $refused, 'none gives up';
    is scalar(grep { ($stack->mysql("SELECT COUNT(*) FROM music WHERE book_id = '!C$_'"))[0][0] == 1 } 1 .. 4), 4, 'all is written';
    $stack->stop_pool;
    delete local $stack->{env}{BOOKSHARE_FIND_INDEX};
    $stack->start_pool;
};

topic 'the command line counts too, and waits' => 2, sub {
    is +(cli('views'))[0], 0;
    my $import = $stack->dir . '/few.tsv';
    open my $out, '>', $import or die $!;
    print {$out} "book_id\ttitle\n", map {"!I$_\tImported\n"} 1 .. 500;
    close $out;
    my $reader = behind(sub { join ' ', map { GET('/list')->{status} } 1 .. 40 });
    is +(cli('import', $import))[0], 0, 'an import beside readers';
    $reader->();
};

run_topics;
