#!/usr/bin/perl
# Asks a pool for many pages of all kinds, and tells what came of it: answers by status, the resident memory of each
# worker along the way, and what the logs complain of. For a build with --enable-sanitizer, and for leaks in a plain
# one.
#
#     BOOKSHARE_BUILD=. BOOKSHARE_SOURCE=. perl -Icontrib/stack/lib t/bench/soak.pl --requests 100000
#
# Ends with status 1 if a status came that should not, or the logs hold a complaint.

use v5.20;
use warnings;

use File::Spec;
use File::Temp;
use Getopt::Long;
use HTTP::Tiny;
use POSIX ();
use Time::HiRes qw(time);

use BookShare::Stack;

my %option = (requests => 100_000, clients => 4, workers => 2, rows => 5000);
GetOptions(\%option, 'requests=i', 'clients=i', 'workers=i', 'rows=i') or die "see the head of $0\n";

my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $stack  = BookShare::Stack->new(
    dir    => $folder->dirname,
    build  => File::Spec->rel2abs($ENV{BOOKSHARE_BUILD}  // '.'),
    source => File::Spec->rel2abs($ENV{BOOKSHARE_SOURCE} // '.'),
    port   => 0, map { $_ => $option{$_} } qw(rows workers),
);
$stack->start;

# What is asked for, in turn; one in a hundred is a write.
my $pages = int(($option{rows} + 99) / 100);
my $type  = 'application/x-www-form-urlencoded';
my @asks  = (
    sub { (GET => '/list?page=' . (1 + int rand $pages)) },
    sub { (GET => '/list?search=' . ('a' .. 'z')[rand 26] . ('a' .. 'z')[rand 26]) },
    sub { (GET => '/list?page=' . (1 + int rand $pages)) },
    sub { (GET => '/add') },
    sub { (GET => '/nope/' . int rand 1e6) },
    sub { (GET => '/update/nope') },
    sub { (GET => '/') },
    sub { (GET => '/list?page=0') },
    sub { (POST => '/list', 'search=x') },
    sub { (POST => '/add', int(rand 10) ? 'title=' : 'title=x&book_id=' . int rand 1e9) },
);

# Asks so often; returns how many answers of each status.
sub ask {
    my ($times) = @_;
    # On a kept connection TCP would hold back a form, which HTTP::Tiny sends apart from its headers, for 40 ms.
    my %http = map { $_ => HTTP::Tiny->new(max_redirect => 0, keep_alive => $_ eq 'GET', timeout => 60) } qw(GET POST);
    my %count;
    for my $turn (1 .. $times) {
        my ($method, $path, $form) = $asks[$turn % @asks]->();
        my $answer = $http{$method}->request($method, $stack->url($path),
            defined $form ? { content => $form, headers => { 'content-type' => $type } } : {});
        $count{"$method $answer->{status}"}++;
    }
    return %count;
}

# The same, by several clients at once.
sub crowd {
    my ($times) = @_;
    my %count;
    my @clients = map {
        my $pid = open(my $client, '-|') // die "fork: $!";
        if (!$pid) {
            srand $$;
            my %mine = ask(int $times / $option{clients});
            print "$_\t$mine{$_}\n" for keys %mine;
            close STDOUT;
            POSIX::_exit(0);
        }
        $client;
    } 1 .. $option{clients};
    for my $client (@clients) {
        /(.*)\t(\d+)/ and $count{$1} += $2 while <$client>;
    }
    return %count;
}

sub memory {
    return join '  ', map {
        open my $status, '<', "/proc/$_/status" or next;
        my ($kb) = map { /^VmRSS:\s+(\d+)/ } <$status>;
        "$_: $kb KB";
    } sort { $a <=> $b } $stack->pids('worker');
}

$| = 1;
my (%count, $done);
say "0 requests: ", memory();
my $start = time;
for my $until (grep({ $_ < $option{requests} } 1000, 10_000, 30_000, 100_000, 300_000), $option{requests}) {
    my %more = crowd($until - ($done // 0));
    $count{$_} += $more{$_} for keys %more;
    $done = $until;
    printf "%d requests, %.0f s: %s\n", $done, time - $start, memory();
}
say "$_: $count{$_}" for sort keys %count;
my @odd = grep { !/^(GET (200|400|404)|POST (303|409|422))$/ } keys %count;
$stack->stop;                                         # leaks are reported at the end
my @bad = $stack->problems;
say for @bad;
say @odd || @bad ? 'not clean' : 'clean';
exit(@odd || @bad ? 1 : 0);
