# The worker pool recovers, no matter how often its workers die.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(sleep time);

use BookShare::Test;

# How long workers are killed for; each second ten of them.
my $seconds = $ENV{DURATION} // 10;

my $stack = stack(rows => 250, workers => 4);
allow(qr/bookshare-pool: worker \d died of signal 9/);

topic 'ten workers are killed each second' => 3, sub {
    warm();
    my ($killed, $began) = (0, time);
    while (time < $began + $seconds || $killed < 10 * $seconds) {
        my @pids = $stack->pids('worker');
        $killed += kill 'KILL', $pids[rand @pids] if @pids;
        sleep 0.1 if $killed > 10 * (time - $began);
        die "only $killed workers have died\n" if time > $began + 4 * $seconds + 60;
    }
    my $last = time;
    is GET('/list?page=2&x')->{status}, 200, 'the next page is there';
    cmp_ok time - $last, '<', 2, 'within two seconds';
    is scalar(workers()), 4, 'and the pool is complete again';
    note sprintf '%d workers killed in %.1f s', $killed, $last - $began;
};

topic 'a program that does not start is tried again, but not all the time' => 3, sub {
    my $program = $stack->dir . '/bookshare-worker';
    my $starts  = $stack->dir . '/starts';
    $stack->write_file('bookshare-worker', "#!/bin/sh\necho >>'$starts'\nexit 3\n");
    chmod 0755, $program;
    $stack->stop_pool;
    local $stack->{worker} = $program;
    $stack->{part}{pool}->spawn;
    my $count = sub { open my $file, '<', $starts or return 0; my @lines = readline $file; return scalar @lines };
    ok wait_for('each worker to be started three times', 30, sub { $count->() >= 12 }), 'it is started again';
    my ($before, $began) = ($count->(), time);
    wait_for('three seconds', 10, sub { time > $began + 3 });
    cmp_ok $count->() - $before, '<=', 4 * (1 + time - $began), 'at most once a second each';
    $stack->write_file('bookshare-worker', "#!/bin/sh\nexec '" . $stack->program('bookshare-worker') . "'\n");
    chmod 0755, $program;
    ok wait_for('a page', 15, sub { GET('/list')->{status} == 200 }), 'and serves once it can';
    allow(qr/bookshare-pool: worker \d ended with status (?:3|126)/);
};

run_topics;
