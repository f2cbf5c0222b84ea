# nginx's own responses when there is no worker.

use v5.20;
use warnings;

use BookShare::Test;

# A request waits for MySQL, which is stopped, until the test has seen it.
my $stack = stack(rows => 10, env => { BOOKSHARE_CHECK_TIMEOUT_MS => 60_000, BOOKSHARE_SEARCH_MS => 60_000 });
allow(qr/connect\(\) to unix:/);

topic 'no workers: a calm 503 page that says when to come back' => 8, sub {
    $stack->stop_pool;
    for my $answer (GET('/list'), POST('/add', { book_id => 'x', title => 'x' })) {
        is $answer->{status}, 503;
        is header($answer, 'Retry-After'), 5;
        like header($answer, 'Content-Security-Policy'), qr/^default-src 'none'/, 'its headers';
        like visible($answer), qr/Back in a moment/, 'its text';
    }
};

topic 'with workers again, pages are served immediately' => 3, sub {
    $stack->start_pool;
    is GET('/list')->{status}, 200 for 1 .. 3;
};

topic 'a worker that dies over a page: another one answers' => 2, sub {
    $stack->pause('mysql');
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        exec 'perl', '-MHTTP::Tiny', '-e', 'exit(HTTP::Tiny->new->get(shift)->{status} != 200)', $stack->url('/list?search=a');
    }
    my @busy = @{ wait_for('the request to reach a worker', 10, sub { my @busy = busy(); @busy && \@busy }) };
    is scalar @busy, 1, 'one worker has the request';
    kill 'KILL', @busy;
    allow(qr/bookshare-pool: worker \d died of signal 9/);
    wait_for('another one to have it', 10, sub { grep { $_ != $busy[0] } busy() });
    $stack->resume('mysql');
    waitpid $pid, 0;
    is $?, 0, 'the page came';
};

run_topics;
