# A pool of `spawn-fcgi -F N` alone, without a supervisor.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 250, pool => 'plain', workers => 3);

topic 'it serves' => 4, sub {
    is scalar(my @pids = workers()), 3, 'three workers';
    is_deeply [map { GET('/list?page=' . (1 + $_ % 3))->{status} } 1 .. 30], [(200) x 30];
    is add_book(book_id => '!PLAIN')->{status}, 303;
    ok stored('!PLAIN'), 'and writes';
};

topic 'it stops' => 1, sub {
    $stack->kill('pool', 'TERM');
    ok wait_for('the workers to go', 5, sub { !$stack->pids('worker') });
};

run_topics;
