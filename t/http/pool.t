# The worker pool: workers keep their connections, finish the current request, and are replaced when they die.

use v5.20;
use warnings;
use utf8;

use IPC::Open2;
use POSIX ();

use BookShare::FastCGI;
use BookShare::Test;

my $stack  = stack(rows => 1050, workers => 2);
my $number = 0;
allow(qr/bookshare-pool: worker \d died of signal 9/);    # the one that a topic kills

# A worker of our own beside the pool, with which it shares the log.
sub worker {
    my $socket = sprintf '%s/own%d', $stack->dir, $number++;
    return BookShare::FastCGI->new($stack->program('bookshare-worker'), $socket, $stack->log('worker'), $stack->env);
}

# Locks the table, so that readers wait. Returns a function that unlocks it.
sub lock_table {
    my $pid = open2(my $from, my $to, $stack->mysql_client, qw(-NB --unbuffered), $stack->database);
    print {$to} "LOCK TABLES music WRITE; SELECT 'locked';\n";
    $to->flush;
    readline($from) =~ /locked/ or die 'no lock';
    return sub { close $to; waitpid $pid, 0 };
}

sub waiting {
    my @threads = $stack->mysql(q{SELECT id FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'});
    return scalar @threads;
}

topic 'a listening socket on descriptor 0 is all that a worker needs' => 3, sub {
    my $worker = worker();
    my $answer = $worker->receive($worker->send(GET => '/'));
    is $answer->{status}, 200;
    like $answer->{content}, qr{</html>\s*$}, 'a whole page';
    is $worker->receive($worker->send(GET => '/list'))->{status}, 200, 'and another';
};

topic 'SIGTERM while idle: it exits with status 0' => 3, sub {
    for my $signal (qw(TERM USR1 INT)) {
        my $worker = worker();
        $worker->receive($worker->send(GET => '/'));
        $worker->signal($signal);
        is $worker->wait(5), 0, $signal;
    }
};

add_book(book_id => '!HERE');

topic 'SIGTERM during a request: it responds, then exits with status 0' => 8, sub {
    for my $signal (qw(TERM USR1)) {
        my $worker  = worker();
        my $unlock  = lock_table();
        my $request = $worker->send(GET => '/update/!HERE');
        wait_for('the worker to wait for MySQL', 10, \&waiting);
        $worker->signal($signal);
        is $worker->wait(0.1), undef, "$signal: it does not drop the request";
        $unlock->();
        my $answer = $worker->receive($request);
        is $answer->{status}, 200, 'it answers';
        like $answer->{content}, qr{</html>\s*$}, 'in full';
        is $worker->wait(5), 0, 'then it goes';
    }
};

sub connections {
    return {
        mysql => [map { $_->[0] } $stack->mysql(q{SELECT id FROM information_schema.processlist
            WHERE db = 'music_share' AND id <> CONNECTION_ID() ORDER BY id})],
        redis => [sort map { /^id=(\d+)/ } grep { !/cmd=client/ } split /\n/, $stack->redis('CLIENT', 'LIST')],
    };
}

# Enough for each worker to get some: list from both sources, search, form, errors, a write.
sub exercise {
    my ($times) = @_;
    for (1 .. $times) {
        GET($_) for '/list', '/list?page=7', '/list?search=the', '/add', '/update/nope', '/nope', '/list?page=0';
        POST('/add', { book_id => "!EX$number", title => 'x' });
        POST("/delete/!EX$number", {});
    }
}

# How many descriptors each worker has open, once none answers a request.
sub open_files {
    wait_for('the requests to end', 10, sub { !busy() });
    return { map { $_ => scalar(() = glob "/proc/$_/fd/*") } workers() };
}

topic 'one connection to each server, kept across requests' => 4, sub {
    my $before = wait_for('each worker to have its two', 30, sub {
        everywhere(sub { exercise(1) });
        my $now = connections();
        return "@{[map { scalar @$_ } @$now{qw(mysql redis)}]}" eq '2 2' && $now;
    });
    exercise(10);
    is scalar @{ $before->{mysql} }, 2, 'MySQL: one for each of the two workers';
    is scalar @{ $before->{redis} }, 2, 'Redis: the same';
    my $open = open_files();
    exercise(20);
    is_deeply connections(), $before, 'they are the same ones after 180 requests';
    is_deeply open_files(), $open, 'no descriptor is left open';
};

topic 'clients that go away do no harm' => 2, sub {
    my @before = workers();
    my ($host, $port) = $stack->url('/') =~ m{//([^:]+):(\d+)};
    for my $n (1 .. 40) {
        my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die "connect: $@";
        print {$socket} "GET /list?page=$n&search=e HTTP/1.1\r\nHost: localhost\r\n\r\n";
        close $socket;
    }
    is GET('/list')->{status}, 200;
    is_deeply [workers()], \@before, 'no worker died of it';
};

topic 'a worker that is killed is replaced, and nobody notices' => 3, sub {
    my @before = workers();
    kill 'KILL', $before[0];
    ok wait_for('a new worker', 10, sub {
        my @pids = $stack->pids('worker');
        return @pids == 2 && !grep { $_ == $before[0] } @pids;
    }), 'a new one';
    is_deeply [map { GET('/list')->{status} } 1 .. 20], [(200) x 20];
    ok +(grep { $_ == $before[1] } $stack->pids('worker')), 'the other one is still there';
};

topic 'stopped workers lose no request' => 2, sub {
    my @before = workers();
    my $reader = fork // die "fork: $!";
    if (!$reader) {
        my $bad = grep { GET('/list?page=' . (1 + $_ % 10), connection => 'close')->{status} != 200 } 1 .. 300;
        POSIX::_exit($bad ? 1 : 0);
    }
    kill 'TERM', $_ for @before;
    waitpid $reader, 0;
    is $?, 0, '300 pages, all there';
    my %old = map { $_ => 1 } @before;
    is scalar(grep { $old{$_} } workers()), 0, 'and the workers are new';
};

topic 'a pool serves although its workers cannot enter the folder where it was started' => 2, sub {
    my $dir = $stack->dir;
    my ($pool, $worker) = ($stack->script('bookshare-pool'), $stack->program('bookshare-worker'));
    $stack->write_file('gone.sh', "#!/bin/sh\nmkdir '$dir/gone' && cd '$dir/gone' && rmdir '$dir/gone'\nexec '$pool' '$dir/gone-pool' 1 '$worker'\n");
    chmod 0755, "$dir/gone.sh";
    my $process = BookShare::FastCGI->new("$dir/gone.sh", "$dir/gone.sock", $stack->log('worker'), $stack->env);
    my $answer  = $process->receive($process->send(GET => '/'));
    is $answer && $answer->{status}, 200;
    $process->signal('TERM');
    is $process->wait(10), 0, 'and ends';
};

run_topics;
