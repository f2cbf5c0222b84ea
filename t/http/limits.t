# nginx's limits for one client: too many searches, writes and exports get a 429; lists do not.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 250, workers => 2, limits => 1);

topic 'writes beyond the burst' => 5, sub {
    $stack->pause('nginx');    # so that all are there at once, however busy the machine is
    my @pending = map { sent("POST /delete/none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") } 1 .. 120;
    $stack->resume('nginx');
    my @answers = map { $_->() } @pending;
    my ($refused) = grep { $_->{status} == 429 } @answers;
    ok $refused, 'some are refused';
    like header($refused, 'Retry-After'), qr/^\d+$/;
    like $refused->{content}, qr/Too many requests/;
    ok +(grep { $_->{status} == 404 } @answers), 'the first ones are not';
    my %seen;
    $seen{ POST('/api/books/datatable', 'draw=1')->{status} }++ for 1 .. 15;
    is join(' ', %seen), '200 15', 'nor is a POST that only reads';
};

topic 'exports, for programs' => 2, sub {
    my @answers = GET('/export.csv');
    push @answers, GET('/export.csv') until $answers[-1]{status} == 429 || @answers == 100;
    is $answers[0]{status}, 200;
    is $answers[-1]{status}, 429;
};

topic 'lists and searches of a person' => 1, sub {
    my %seen;
    $seen{ GET('/list?page=1&x')->{status} }++ for 1 .. 150;
    $seen{ GET("/list?search=a$_")->{status} }++ for 1 .. 40;
    is join(' ', %seen), '200 190';
};

run_topics;
