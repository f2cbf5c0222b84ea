#!/usr/bin/perl
# What a reader notices while others put a load on the site: how long a page file, a page from a worker and a search take.
#
#     make bench-crowd [ROWS=500000] [SECONDS=10] [WORKERS=4] [HOSTILE=50000] [LIMITS=off] [ONLY=exports]
#
#     SECONDS   that each load is kept up
#     HOSTILE   books whose titles are 250 times the same letter
#     LIMITS    on: nginx's limits of requests and connections are on (nginx/bookshare.limits)
#     ONLY      loads whose name matches this (BookShare::Bench::Crowd)
#
# Prints a table of milliseconds, p50 and p99, and writes crowd.json to bench/ in the folder of the build. Exit status: 1
# if a page or a search of the reader failed.

use v5.20;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../../contrib/stack/lib";

use File::Path qw(make_path);
use File::Spec;
use File::Temp;
use HTTP::Tiny;
use IO::Handle;
use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Bench::Crowd;
use BookShare::Bench::Report qw(number table machine load write_json);
use BookShare::Bench::Variants qw(settings);
use BookShare::Stack;

$| = 1;
$SIG{INT} = $SIG{TERM} = $SIG{HUP} = sub { exit 130 };

my %set = settings({ ROWS => 500_000, SECONDS => 10, WORKERS => 4, HOSTILE => 50_000, LIMITS => 'off', ONLY => '.' }, @ARGV);
my $build  = File::Spec->rel2abs($ENV{BOOKSHARE_BUILD} // '.');
my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $began  = time;
my $stack  = BookShare::Stack->new(
    dir => $folder->dirname, build => $build, source => $ENV{BOOKSHARE_SOURCE} // '.', rows => $set{ROWS},
    workers => $set{WORKERS}, page_files => 1, limits => $set{LIMITS} eq 'on', say => \&note,
);
my $READER = '127.0.0.2';    # an address of its own, since nginx limits requests by address
my $PAUSE  = 0.05;           # seconds between two of its requests: fewer searches than nginx allows it (nginx/bookshare.map)
my @PROBES = (['page file', '/list?page=2'], ['page', '/list?page=3&x'], ['search', '/list?search=moon']);

sub note { printf "%6.1f s  %s\n", time - $began, join '', @_ }

# ---- The books

sub prepare {
    $stack->start;
    $stack->mysql("INSERT INTO music (book_id, title) SELECT CONCAT('~', book_id), CONCAT(REPEAT('a', 240), RIGHT(book_id, 10))"
            . " FROM music LIMIT $set{HOSTILE}");
    local %ENV = (%ENV, $stack->env);
    for my $command ([qw(cache clear)], [qw(cache warm)]) {
        my ($status) = $stack->run_program('', $stack->program('bookshare'), @$command);
        die "bookshare @$command failed\n" if $status;
    }
    return;
}

# Waits until all is at rest: every page comes from where it should.
sub settle {
    my $http = HTTP::Tiny->new(timeout => 60, local_address => $READER);
    my %wanted = ('page file' => qr/page-file/, 'page' => qr/hit/, 'search' => qr/find-index/);
    my $in_row = 0;
    for (my $end = time + 300; $in_row < 5 * $set{WORKERS}; ) {
        my $is_fine = 1;
        for my $probe (@PROBES) {
            my $answer = $http->get($stack->url($probe->[1]));
            my $status = $answer->{headers}{'cache-status'} // '';
            $is_fine &&= $answer->{status} == 200 && $status =~ $wanted{ $probe->[0] };
        }
        $in_row = $is_fine ? $in_row + 1 : 0;
        die "not at rest after 300 s\n" if time > $end;
        sleep $PAUSE;
    }
    return;
}

# ---- The reader

# Asks for one address again and again until told to end, for a search in another way each time, so that no kept answer
# is measured. The code returned ends it, and returns milliseconds and errors.
sub reader {
    my ($path) = @_;
    pipe my $out, my $in or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        my ($is_over, @lines);
        my $asked = 0;
        my $http = HTTP::Tiny->new(timeout => 60, keep_alive => 0, local_address => $READER);
        $SIG{TERM} = sub { $is_over = 1 };
        until ($is_over) {
            my $started = time;
            my $answer  = $http->get($stack->url($path =~ /search=/ ? "$path&n=" . ++$asked : $path));
            push @lines, sprintf "%.3f %d\n", 1e3 * (time - $started), $answer->{status};
            sleep $PAUSE;
        }
        print {$in} @lines;
        $in->flush;
        POSIX::_exit(0);
    }
    close $in;
    $stack->guard->watch($pid);
    return sub {
        kill 'TERM', $pid;
        my @answers = map { [split] } readline $out;
        waitpid $pid, 0;
        my @ms = sort { $a <=> $b } map { $_->[0] } @answers;
        my %failed;
        $failed{ $_->[1] }++ for grep { $_->[1] != 200 } @answers;
        return {
            count => scalar @ms, p50 => $ms[@ms / 2], p99 => $ms[int(0.99 * @ms)], worst => $ms[-1], failed => \%failed,
        };
    };
}

# Bytes of nginx's temporary files.
sub temporary {
    my ($sum, @files) = 0;
    my %held;
    for my $pid ($stack->pids('nginx')) {
        for my $link (glob "/proc/$pid/fd/*") {
            my $file = readlink $link // next;
            next if $file !~ m{/nginx/fastcgi/|/nginx/body/};
            my @about = stat $link or next;
            $held{"$about[0] $about[1]"} = 512 * $about[12];
        }
    }
    $sum += $_ for values %held;
    return $sum;
}

# ---- The loads

sub run {
    my ($crowd, $name) = @_;
    settle();
    note("$name; load ", load());
    my $end     = $crowd->start($name);
    my @readers = map { reader($_->[1]) } @PROBES;
    my $most    = 0;
    for (my $until = time + $set{SECONDS}; time < $until; sleep 0.25) {
        my $now = temporary();
        $most = $now if $now > $most;
    }
    my %figures = (name => $name, temporary => $most, map { $PROBES[$_][0] => $readers[$_]->() } 0 .. $#PROBES);
    $figures{answers} = $end->();
    note("$name: ", join '; ', map {"$_ " . join ' ', map { number($_) } @{ $figures{$_} }{qw(p50 p99 worst)}} map { $_->[0] } @PROBES);
    return \%figures;
}

prepare();
my $crowd = BookShare::Bench::Crowd->new($stack);
my @runs  = map { run($crowd, $_) } grep {/$set{ONLY}/} $crowd->names;
my @bad   = $stack->problems;
$stack->stop;

my @lines = map {
    my $run = $_;
    my %failed;
    for my $probe (map { $_->[0] } @PROBES) {
        $failed{$_} += $run->{$probe}{failed}{$_} for keys %{ $run->{$probe}{failed} };
    }
    [
        $run->{name}, map({ my $probe = $run->{ $_->[0] }; map { number($probe->{$_}) } qw(p50 p99) } @PROBES),
        number($run->{temporary} / 1e6), join(', ', map {"$_: $failed{$_}"} sort keys %failed),
        join(', ', map {"$_: $run->{answers}{$_}"} sort keys %{ $run->{answers} }),
    ];
} @runs;
my $machine = machine();
printf "\n%d books and %d hostile ones, %d workers, %d s each; %s, %d cores\n\n", @set{qw(ROWS HOSTILE WORKERS SECONDS)},
    @$machine{qw(processor cores)};
print table(
    ['ms beside', map({ ("$_->[0] p50", 'p99') } @PROBES), 'files MB', 'reader failed', 'the load was answered'], @lines);
print "\nComplaints:\n", map {"    $_\n"} @bad > 10 ? @bad[0 .. 9] : @bad if @bad;
make_path("$build/bench");
write_json("$build/bench/crowd.json", { machine => $machine, runs => \@runs, settings => \%set, seconds => time - $began });
print "\n$build/bench/crowd.json\n";
exit((grep { my $run = $_; grep { %{ $run->{ $_->[0] }{failed} } } @PROBES } @runs) ? 1 : 0);
