# The guards of the version protocol, each in the situation it protects against, with and without it
# (BookShare::Guards). The high-water mark is disabled together with each guard, so that the workers behave like those
# of different hosts.

use v5.20;
use warnings;
use utf8;

use POSIX ();

use BookShare::Guards;
use BookShare::Stack::Patience;
use BookShare::Test;

my $stack = guarded_stack(rows => 250, pool => 'plain', workers => 1);
my ($first) = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1');

# ---- What the topics share

# Restarts the workers, optionally without a guard, on a correct list; returns their process IDs.
sub start {
    my ($off, %args) = @_;
    $stack->kill('worker', 'CONT');
    $stack->stop_pool;
    cli('cache', 'clear');
    $stack->{workers} = $args{workers} // 1;
    $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_CHECK_MS => $args{check_ms}, BOOKSHARE_GUARDS_OFF => $off ? "$off,high-water" : '' };
    my ($status, undef, $err) = cli({ BOOKSHARE_GUARDS_OFF => '' }, 'cache', 'warm');
    die "the list was not built: $err" if $status != 0;
    $stack->start_pool;
    return $stack->pids('worker');
}

sub meta { return $stack->redis('HGET', '{bookshare}:meta', $_[0]) }

sub truth { return ($stack->mysql('SELECT version FROM music_version'))[0][0] }

# The title of the first book on the list.
sub title { my $page = GET('/list', @_); return $page->{status} == 200 ? (rows($page))[0][1] : "status $page->{status}" }

sub key_of { my ($number) = @_; return '{bookshare}:' . meta('generation') . ":$number" }

# What another host's worker does, as far as MySQL: a write of the title of the first book.
sub write_elsewhere {
    my ($title) = @_;
    my $columns = 'book_id, title, category, authors, publisher, edition, available_from';
    my $row = "(SELECT CONCAT_WS('\\t', " . join(', ', map {"IFNULL($_, '')"} split /, /, $columns)
        . ") FROM music WHERE book_id = '$first')";
    $stack->mysql('BEGIN; UPDATE music_version SET version = version + 1, token = FLOOR(1 + RAND() * 1000000000);'
            . "SET \@before = $row; UPDATE music SET title = '$title' WHERE book_id = '$first'; SET \@after = $row;"
            . 'INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after)'
            . " SELECT version, 'update', '$first', 'web', UTC_TIMESTAMP(3), token, \@before, \@after FROM music_version; COMMIT");
    return;
}

sub update { my ($id, $title) = @_; return POST('/update/' . escaped($id), { title => $title })->{status} }

# ---- The guards

my $turn = 0;
sub new_title { return 'Title ' . ++$turn }

guard compare => 'a change that Redis was not told of is seen within the interval' => 3, sub {
    my ($off) = @_;
    start($off, check_ms => 200);
    my ($old, $new) = (title(), new_title());
    my $page = warm('/list');
    ok from_redis($page), 'the list is in use';
    write_elsewhere($new);
    if (!$off) {
        ok wait_for('the change', 5, sub { title() eq $new }), 'seen';
    } else {
        ok stays(1.5, sub { title() eq $old }), 'never seen';
    }
    is GET('/list', 'If-None-Match' => header($page, 'ETag'))->{status}, $off ? 304 : 200, 'nor by who has the old page';
};

guard reconnect => 'an older Redis that comes back is not believed' => 4, sub {
    my ($off) = @_;
    start($off, check_ms => 60_000);
    warm('/list');
    my ($old, $new, $dump) = (title(), new_title(), $stack->dir . '/dump.rdb');
    is $stack->redis('SAVE'), 'OK';
    is update($first, $new), 303;
    $stack->kill('redis', 'KILL');
    $stack->start_redis;
    unlink $dump or die "$dump: $!";
    my $page = GET('/list');
    is +(rows($page))[0][1], $off ? $old : $new, $off ? 'the old title' : 'the new title';
    ok from_redis($page), 'from Redis' if $off;
    is title(), $new, 'and again' if !$off;
};

guard count => 'a segment that lost rows is not shown' => 3, sub {
    my ($off) = @_;
    start($off, check_ms => 200);
    warm('/list?page=3');
    is scalar(() = rows(GET('/list?page=3'))), 50;
    $stack->redis('RPOP', key_of(1));
    my $page = GET('/list?page=3');
    is scalar(() = rows($page)), $off ? 49 : 50, $off ? 'a short page' : 'all of it';
    is from_redis($page), !!$off;
};

guard count => 'a segment that lost rows is not patched' => 4, sub {
    my ($off) = @_;
    start($off, check_ms => 200);
    warm('/list');
    my $generation = meta('generation');
    $stack->redis('RPOP', key_of(1));
    is update($first, new_title()), 303;
    if (!$off) {
        ok wait_for('another list', 10, sub { GET('/list'); my $now = meta('generation'); $now ne '' && $now ne $generation }),
            'a new list is built';
        my ($status, $out) = cli('cache', 'verify');
        is $status, 0, 'which is right';
        is meta('state'), 'ok';
    } else {
        is meta('generation'), $generation, 'the same list';
        is meta('state') . meta('version'), 'ok' . truth(), 'claims to be right';
        is $stack->redis('LLEN', key_of(1)), 249, 'and is not';
    }
};

guard forward => 'a list that was built before a write does not replace one with it' => 7, sub {
    my ($off) = @_;
    start($off, check_ms => 60_000);
    warm('/list');
    my ($old, $new, $generation, $version) = (title(), new_title(), meta('generation'), truth());
    is meta('version'), $version;
    # The builder has looked at the list and at MySQL's version, and stands before the changes, of which it will see none.
    my $unlock = session('LOCK TABLES music_changes WRITE');
    my $builder = fork // die;
    if (!$builder) {
        %ENV = (%ENV, $stack->env);
        open STDOUT, '>', '/dev/null';
        open STDERR, '>>', $stack->log('worker');
        no warnings 'exec';
        exec $stack->program('bookshare'), 'cache', 'warm';
        POSIX::_exit(127);
    }
    runs(1, '%FROM music_changes WHERE (version%', '%metadata lock%');
    kill 'STOP', $builder;
    $unlock->();
    is update($first, $new), 303;
    is meta('version'), $version + 1, 'the list in use has the write';
    kill 'CONT', $builder;
    waitpid $builder, 0;
    is $?, 0;
    isnt meta('generation'), $generation, 'another list is in use';
    is meta('version'), $off ? $version : $version + 1, $off ? 'which is older' : 'and it has the write, too';
    is title(), $off ? $old : $new, $off ? 'the old title' : 'the new title';
};

guard wait => 'a writer that cannot patch the list holds its answer back until everybody has asked MySQL' => 6, sub {
    my ($off) = @_;
    my $interval = patience(2) > 4 ? patience(2) : 4;
    my ($writer, $reader) = start($off, check_ms => $interval * 1000, workers => 2);
    my ($new) = new_title();
    # Both have the list; that the list was compared is as new as can be, since the connection is.
    alone($writer);
    warm('/list');
    alone($reader);
    warm('/list');
    my $old = title();
    $stack->redis(qw(CLIENT KILL TYPE normal));
    my $compared = time;
    ok from_redis(GET('/list')), 'the reader trusts the list';
    alone($writer);
    $stack->redis(qw(ACL SETUSER default -eval -evalsha -script));
    my $asked = time;
    is update($first, $new), 303;
    my $took = time - $asked;
    alone($reader);
    my $title = title();
    my $since = time - $compared;
    $stack->redis(qw(ACL SETUSER default +@all));
    alone();
    if (!$off) {
        cmp_ok $took, '>=', $interval, 'the answer waits';
    } else {
        cmp_ok $took, '<', $interval, 'the answer comes at once';
    }
    is $title, $off ? $old : $new, $off ? 'the old title' : 'the new title';
    ok !$off || $since < $interval, 'within the interval';
    ok wait_for('the change', 10, sub { title() eq $new }), 'at last it is seen';
};

allow(qr/version \d+ is already in the log/);

guard 'version-lock' => 'two writes at a time are put in order' => 4, sub {
    my ($off) = @_;
    start($off, check_ms => 200, workers => 2);
    my ($version, $new) = (truth(), new_title());
    my $release = session("BEGIN; SELECT * FROM music WHERE book_id = '$first' FOR UPDATE");
    my $one = behind(sub { update($first, $new) });
    runs(1, '%FROM music WHERE book_id = % FOR UPDATE', '%');
    my $id    = "!LOCK$turn" . ($off ? 'off' : 'on');
    my $other = behind(sub { POST('/add', { book_id => $id, title => 'x' })->{status} });
    my $status;
    if ($off) {
        $status = $other->();
    } else {
        runs(1, 'SELECT epoch, version, token FROM music_version FOR UPDATE', '%');
    }
    $release->();
    is $one->(), $off ? 500 : 303, $off ? 'the first one fails' : 'the first one is done';
    is $status // $other->(), 303, 'the second one is done';
    is truth(), $version + ($off ? 1 : 2), 'the version';
    my @logged = $stack->mysql("SELECT version, book_id FROM music_changes WHERE version > $version ORDER BY version");
    is_deeply \@logged, [$off ? [$version + 1, $id] : ([$version + 1, $first], [$version + 2, $id])], 'the log';
    POST("/delete/$id", {});
};

guard moved => 'a change is not applied over one that is missing' => 6, sub {
    my ($off) = @_;
    start($off, check_ms => 60_000);
    warm('/list');
    my ($old, $new) = (title(), new_title());
    my ($other) = ($stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1 OFFSET 1'))[0][0];
    write_elsewhere($new);
    is meta('version'), truth() - 1, 'the list does not have the first change yet';
    is update($other, "After $new"), 303, 'when the second one comes';
    is meta('version') . meta('state'), truth() . 'ok', 'the list says that it has both';
    my @rows = rows(GET('/list'));
    is $rows[1][1], "After $new", 'it has the second one';
    is $rows[0][1], $off ? $old : $new, $off ? 'and lacks the first one' : 'and the first one';
    my ($status, $out) = cli('cache', 'verify');
    like $out, $off ? qr/differences: 1\b/ : qr/differences: 0\b/;
};

# Imports books in one version, which the list is not told of.
sub import_elsewhere {
    my ($count, $prefix) = @_;
    my $file = $stack->dir . '/import.csv';
    open my $out, '>', $file or die "$file: $!";
    print {$out} "ID,Title\n", map { "$prefix$_,Imported\n" } 1 .. $count;
    close $out or die "$file: $!";
    $stack->redis(qw(ACL SETUSER default -eval -evalsha -script));
    my ($status, undef, $err) = cli({ BOOKSHARE_GUARDS_OFF => '' }, 'import', '--batch', 250, $file);
    $stack->redis(qw(ACL SETUSER default +@all));
    die "not imported: $err" if $status != 0;
    return;
}

guard whole => 'a list is not brought half-way through a batch' => 4, sub {
    my ($off) = @_;
    start($off, check_ms => 200);
    warm('/list');
    my $version = truth();
    import_elsewhere(100, $off ? '~W' : '~w');
    import_elsewhere(200, $off ? '~X' : '~x');
    is truth(), $version + 2, 'two versions';
    ok wait_for('the list', 5, sub { GET('/list'); meta('version') == truth() }), 'the list says that it has both';
    my ($status, $out) = cli('cache', 'verify');
    like $out, $off ? qr/differences: 49\b/ : qr/differences: 0\b/, 'has it?';
    is meta('books'), ($stack->mysql('SELECT COUNT(*) FROM music'))[0][0] - ($off ? 49 : 0);
};

guard ahead => 'a list that is ahead of MySQL is not believed' => 4, sub {
    my ($off) = @_;
    start($off, check_ms => 200);
    warm('/list');
    my ($old, $new, $generation) = (title(), new_title(), meta('generation'));
    my $epoch = meta('epoch');
    $stack->redis('HSET', '{bookshare}:meta', 'version', truth() + 1000);
    write_elsewhere($new);
    if (!$off) {
        ok wait_for('the change', 5, sub { title() eq $new }), 'the change is seen';
        ok wait_for('a new list', 10, sub { my $now = GET('/list') && meta('generation'); $now ne $generation }), 'a new list is built';
        cmp_ok meta('epoch'), '>', $epoch, 'in a new epoch';
        is +(rows(warm('/list')))[0][1], $new, 'which is right';
    } else {
        ok stays(1.5, sub { title() eq $old }), 'the change is never seen';
        is meta('generation'), $generation, 'no new list is built';
        my $later = new_title();
        is update($first, $later), 303;
        is title(), $old, 'nor is one of our own seen';
    }
};

guard 'high-water' => 'what one worker has shown another one does not take back' => 3, sub {
    my ($off) = @_;
    my ($one, $two) = start($off, check_ms => 60_000, workers => 2);
    for my $worker ($one, $two) {
        alone($worker);
        warm('/list');
    }
    my ($old, $new) = (title(), new_title());
    write_elsewhere($new);
    $stack->redis(qw(ACL SETUSER default -eval -evalsha -script));
    # The first worker, whose connection is the oldest, has to compare; the second one does not.
    my ($oldest) = sort { $a <=> $b } $stack->redis(qw(CLIENT LIST TYPE normal)) =~ /^id=(\d+) /mg;
    $stack->redis(qw(CLIENT KILL ID), $oldest);
    alone($one);
    is title(), $new, 'one shows the change, from MySQL';
    alone($two);
    is title(), $off ? $old : $new, $off ? 'the other one the old title' : 'and so does the other one';
    $stack->redis(qw(ACL SETUSER default +@all));
    alone();
    is meta('version'), truth() - 1, 'though the list does not have it';
};

# The list comes from the index; writes are acknowledged without a wait, since every reader asks MySQL.
guard ask => 'without Redis, a page from the index has the write that was just acknowledged' => 3, sub {
    my ($off) = @_;
    local $stack->{redis_url} = 'off';
    local $stack->{env}{BOOKSHARE_FIND_INDEX} = $stack->dir . '/list-index';
    $stack->stop_pool;
    $stack->{workers} = 2;
    $stack->{env}{BOOKSHARE_GUARDS_OFF} = $off ? "$off,high-water" : '';
    $stack->start_pool;
    my ($writer, $reader) = @{ wait_for('two workers', 10, sub { my @pids = $stack->pids('worker'); @pids == 2 && \@pids }) };
    for my $worker ($writer, $reader) {
        alone($worker);
        wait_for('the index', 20, sub { from_index(GET('/list')) });
    }
    alone($reader);
    my ($old, $new) = (title(), new_title());
    alone($writer);
    is update($first, $new), 303;
    alone($reader);
    my $page = GET('/list');
    is +(rows($page))[0][1], $off ? $old : $new, $off ? 'the old title' : 'the new title';
    ok from_index($page), 'from the index';
    alone();
};

run_topics;
