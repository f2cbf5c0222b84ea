# Many concurrent clients: nobody reads a list older than an acknowledged write, and no two get the same ID.

use v5.20;
use warnings;
use utf8;

use POSIX ();

use BookShare::Test;

my $stack = stack(rows => 1050, workers => 4);

# Runs the code in so many processes at once, given a number each; returns what they print.
sub crowd {
    my ($times, $code) = @_;
    my @from = map {
        my $number = $_;
        my $pid    = open(my $from, '-|') // die "fork: $!";
        if (!$pid) {
            print STDOUT $code->($number), "\n";
            STDOUT->flush;
            POSIX::_exit(0);
        }
        $from;
    } 1 .. $times;
    return map { chomp(my $line = readline $_); $line } @from;
}

topic 'a write is on the list once it is answered, while others read and fill the cache' => 3, sub {
    my @told = crowd(4, sub {
        my ($number) = @_;
        my ($writes, $late, $redis) = (0, 0, 0);
        for my $turn (1 .. 40) {
            if ($number > 1) {    # a reader
                $redis += from_redis(GET('/list?page=' . (1 + $turn % 10)));
                next;
            }
            my $id = sprintf '!%04d', 9999 - $turn;    # the first of the list
            $writes += POST('/add', { book_id => $id, title => 'x' })->{status} == 303;
            my $page = GET('/list');
            $late  += (rows($page))[0][0] ne $id;
            $redis += from_redis($page);
        }
        return "$writes $late $redis";
    });
    my ($writes, $late) = split ' ', $told[0];
    is $writes, 40, 'forty writes';
    is $late, 0, 'each is there at once';
    ok +(grep { (split ' ')[2] > 0 } @told), 'and Redis had its share of the pages';
};

topic 'one ID, four at once: one wins' => 3, sub {
    my @added = crowd(4, sub { POST('/add', { book_id => '~ONE', title => "of $_[0]" })->{status} });
    is "@{[sort @added]}", '303 409 409 409';
    like stored('~ONE')->[1], qr/^of [1-4]$/;
    my @deleted = crowd(4, sub { POST('/delete/~ONE', {})->{status} });
    is "@{[sort @deleted]}", '303 404 404 404', 'and one deletes it';
};

run_topics;
