#!/usr/bin/perl
# Asks for the list page over a thousand connections at a time, and looks for requests that fail:
#
#     make bench-load [ROWS=20000] [REQUESTS=200000] [SECONDS=20] [CLIENTS=1000] [WORKERS=4] [ONLY=rendered]
#
#     REQUESTS  that ab makes with connections that are kept; half as many without
#     SECONDS   that wrk asks for
#     ONLY      runs whose "pages trouble tool" matches this
#
# With page files and without; undisturbed, while each worker in turn is stopped (SIGTERM, SIGUSR1), and while they are
# killed (SIGKILL) at moments when they have no request in hand. Prints a table and how much memory each part takes, and
# writes load.json to bench/ in the folder of the build. Exit status: 1 if a request failed.

use v5.20;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../../contrib/stack/lib";

use File::Path qw(make_path);
use Time::HiRes qw(time);

use BookShare::Bench::Report qw(number table machine load write_json);
use BookShare::Bench::Tool qw(wrk ab lacking);
use BookShare::Bench::Trouble;
use BookShare::Bench::Variants qw(settings);

$| = 1;
$SIG{INT} = $SIG{TERM} = $SIG{HUP} = sub { exit 130 };

my $began = time;
my %set   = settings(
    { ROWS => 20_000, REQUESTS => 200_000, SECONDS => 20, CLIENTS => 1000, WORKERS => 4, ONLY => '.' }, @ARGV,
);
my $LIMIT = 900;    # seconds that any one tool may take

sub note { printf "%6.1f s  %s\n", time - $began, join '', @_ }

my %lacking = lacking(wrk => 'wrk', ab => 'apache2-utils');
die map {"$_ is missing (Debian: $lacking{$_})\n"} sort keys %lacking if %lacking;

my %tools = (
    'ab -k' => sub { ab(@_, requests => $set{REQUESTS}, keep => 1) },
    'ab'    => sub { ab(@_, requests => int(($set{REQUESTS} + 1) / 2)) },
    'wrk'   => sub { wrk(@_, seconds => $set{SECONDS}) },
);
my %troubles = (
    'none'       => sub {undef},
    'restarts'   => sub { $_[0]->restart },
    'idle kills' => sub { $_[0]->kill_idle },
);

# ---- Memory, in MB

sub file_lines { my ($path) = @_; open my $file, '<', $path or return; return readline $file }

sub kilobytes {
    my ($kind, @pids) = @_;
    my $sum = 0;
    for my $pid (@pids) {
        /^$kind\w*:\s+(\d+) kB/ and $sum += $1 for file_lines("/proc/$pid/smaps_rollup");
    }
    return $sum;
}

# What the parts of a stack take: workers and nginx what is theirs alone; Redis what it says.
sub memory {
    my ($stack) = @_;
    my @workers = map { kilobytes('Private_', $_) / 1024 } $stack->pids('worker');
    my ($redis) = $stack->redis('INFO', 'memory') =~ /^used_memory:(\d+)/m;
    my $files   = 0;
    $files += (stat)[12] / 2 // 0 for glob $stack->pages . '/*/*';
    return {
        worker => (sort { $b <=> $a } @workers)[0], nginx => kilobytes('Private_', $stack->pids('nginx')) / 1024,
        redis  => $redis / 1048576, 'page files' => $files / 1024,
    };
}

# ---- The runs

my $variants = BookShare::Bench::Variants->new(rows => $set{ROWS}, workers => $set{WORKERS}, say => \&note);
my $machine  = machine();
$variants->start(qw(rendered files));
note('page files: ', $variants->why('files')) if $variants->why('files');

my (@runs, %memory, @problems);
for my $pages (grep { $variants->stack($_) } qw(files rendered)) {
    my $stack   = $variants->stack($pages);
    my $trouble = BookShare::Bench::Trouble->new($stack);
    my @wanted  = grep {"$pages $_->[0] $_->[1]" =~ /$set{ONLY}/}
        map { my $name = $_; map { [$name, $_] } 'ab -k', 'ab', 'wrk' } 'none', 'restarts', 'idle kills';
    next if !@wanted;
    $memory{$pages}{'at rest'} = memory($stack);
    for my $run (@wanted) {
        my ($name, $tool) = @$run;
        $name eq 'none' or eval { $trouble->settle; 1 } or push @problems, "$pages, $name: $@";
        note("$pages pages; trouble: $name; $tool -c $set{CLIENTS}");
        my $figures = $tools{$tool}->(
            stack => $stack, url => $stack->url('/list'), clients => $set{CLIENTS}, limit => $LIMIT,
            tick  => $troubles{$name}->($trouble),
        );
        $variants->empty_logs;
        push @runs, {
            pages => $pages, trouble => $name, tool => $tool, %$figures,
            $name eq 'none' ? () : (ended => $trouble->count, tries => $trouble->tries),
        };
    }
    eval { $trouble->wait_for_all; 1 } or push @problems, "$pages: $@";
    $memory{$pages}{'after it'} = memory($stack);
    # That a worker was killed is what was wanted.
    push @problems, map {"$pages: $_"} grep { !/bookshare-pool/ } $stack->problems;
}
$variants->stop;

# ---- What came of it

my @lines = map {
    my $run = $_;
    [
        "$run->{pages}, trouble: $run->{trouble}", $run->{tool}, @$run{qw(requests failed)},
        map({ number($run->{$_}) } qw(rate p50 p99 worst)), $run->{ended} // '',
        join(', ', map {"$_ $run->{errors}{$_}"} sort keys %{ $run->{errors} }),
    ];
} @runs;
printf "\nThe list page over %d connections; %d books, %d workers; %s, %d cores; load %s before, %s after\n\n",
    @set{qw(CLIENTS ROWS WORKERS)}, @$machine{qw(processor cores)},
    map { number($_) } $machine->{load}, load();
print table(['', 'tool', 'requests', 'failed', 'answers/s', 'p50 ms', 'p99 ms', 'worst', 'ended', 'errors'], @lines);

my @parts = ('worker', 'nginx', 'redis', 'page files');
print "\n", table(['Memory, MB', 'a worker', @parts[1 .. 3]], map {
    my $pages = $_;
    map { my $when = $_; ["$pages, $when", map { number($memory{$pages}{$when}{$_}) } @parts] } 'at rest', 'after it';
} sort keys %memory);
print "\nComplaints, the first of ", scalar @problems, ":\n" if @problems;
print map {"    $_\n"} map {s/\n.*//sr} @problems > 10 ? @problems[0 .. 9] : @problems;

make_path(my $out = $variants->build . '/bench');
write_json("$out/load.json", {
    machine => $machine, memory => \%memory, runs => \@runs, seconds => time - $began, settings => \%set,
});
printf "\n%s\n%.0f s\n", "$out/load.json", time - $began;
exit(@problems || (grep { $_->{failed} } @runs) ? 1 : 0);
