# Redis hangs during many writes: each response waits until all readers see its write, but without blocking a worker.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(time);

use BookShare::Test;

my $interval = 12;    # s: longer than all the writes together take on a busy machine
my $stack    = stack(rows => 250, workers => 2, env => { BOOKSHARE_CHECK_MS => 1000 * $interval });
my $writes   = 6;
my $turn     = 0;

sub version { return ($stack->mysql('SELECT version FROM music_version'))[0][0] }

# Begins the writes; returns what waits for the answers, once all are committed: [status, time of the answer] each.
sub write_all {
    my $from = version();
    $turn++;
    my @answers = map {
        my $id = "!W$turn-$_";
        behind(sub { my $status = POST('/add', { book_id => $id, title => 'x' })->{status}; return "$status " . time });
    } 1 .. $writes;
    wait_for('all to be committed', 10, sub { version() == $from + $writes });
    return map { my $answer = $_; sub { split ' ', $answer->() } } @answers;
}

topic 'six writers wait at once, and readers are served meanwhile' => 5, sub {
    warm();
    $stack->pause('redis');
    my $began   = time;
    my @answers = write_all();
    is GET($_)->{status}, 200, $_ for '/add', '/list?page=2&x';
    my $read = time;
    my @seen = map { [$_->()] } @answers;
    is join(' ', map { $_->[0] } @seen), '303 303 303 303 303 303', 'each write was taken';
    is scalar(grep { $_->[1] < $read } @seen), 0, 'none was answered before the readers were';
    is scalar(grep { $_->[1] < $began + $interval } @seen), 0, 'nor before the check interval was over';
    $stack->resume('redis');
};

# The processes that hold an answer back: they have nothing open but its connection and the log.
sub waiters {
    my %is_worker = map { $_ => 1 } $stack->pids('worker');
    return grep { !$is_worker{$_} && (() = glob "/proc/$_/fd/*") == 2 } $stack->pids('pool');
}

topic 'a worker that is killed takes no answer with it' => 1, sub {
    allow(qr/bookshare-pool: worker \d died of signal 9/);
    warm();
    $stack->pause('redis');
    my @answers = write_all();
    wait_for('all answers to be held back', 10, sub { waiters() == $writes });
    kill 'KILL', workers();
    is join(' ', map { ($_->())[0] } @answers), '303 303 303 303 303 303', 'each write was taken, and said so';
    $stack->resume('redis');
};

run_topics;
