#!/usr/bin/perl
# Measures Book Share beside what it is held against, in one run on one machine:
#
#     make bench [ROWS=500000] [SECONDS=5] [ROUNDS=3] [CLIENTS=32] [WORKERS=4] [ONLY=redis]
#
#     SECONDS   that each row is measured for in each round
#     CLIENTS   connections that ask at the same time
#     WORKERS   number of workers, of echo processes and of PHP processes
#     ONLY      rows whose "name mode" matches this; what they are held against is always measured
#
# The processor time per answer is that of all servers together, without wrk. It hardly depends on what else the machine
# does; answers per second do.
#
# Rows take turns within a round, so that a busy moment of the machine falls on all of them; a ratio is the median of
# the ratios of the rounds. Answers are compared with ours before they are timed. Prints a table, and writes report.json
# and report.svg to bench/ in the folder of the build. Exit status: 1 if an answer was wrong or a request failed.

use v5.20;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../../contrib/stack/lib";

use File::Path qw(make_path);
use HTTP::Tiny;
use IO::Uncompress::Gunzip qw(gunzip);
use List::Util qw(max min sum0);
use Time::HiRes qw(sleep time);

use BookShare::Bench::Pages;
use BookShare::Bench::Peer::Echo;
use BookShare::Bench::Peer::Flask;
use BookShare::Bench::Peer::PHP;
use BookShare::Bench::Report qw(median number table machine load cpu_seconds write_json chart);
use BookShare::Bench::Tool qw(wrk ab lacking);
use BookShare::Bench::Variants qw(settings source_of);

$| = 1;
$SIG{INT} = $SIG{TERM} = $SIG{HUP} = sub { exit 130 };

my %set = settings({ ROWS => 500_000, SECONDS => 5, ROUNDS => 3, CLIENTS => 32, WORKERS => 4, ONLY => '.' }, @ARGV);

my $PREFIX    = '{bookshare}';                    # of our keys in Redis, for the peers
my @REFERENCE = qw(static echo php);              # what the rows are held against
my $WARM_UP   = $set{SECONDS} < 1.5 ? $set{SECONDS} : 1;
my $began     = time;

sub note { printf "%6.1f s  %s\n", time - $began, join '', @_ }

my %lacking = lacking(wrk => 'wrk', ab => 'apache2-utils');
die map {"$_ is missing (Debian: $lacking{$_})\n"} sort keys %lacking if %lacking;

# ---- What is measured

my $machine  = machine();
my $variants = BookShare::Bench::Variants->new(rows => $set{ROWS}, workers => $set{WORKERS}, say => \&note);
my $folder   = $variants->folder;
$variants->start(qw(rendered files index mysql));
my $stack = $variants->stack('rendered');

note('fetching all pages');
my $http  = HTTP::Tiny->new(timeout => 120);
my $pages = BookShare::Bench::Pages->new($stack, "$folder/static");
if (my $files = $variants->stack('files')) {
    note('making all page files');
    $http->get($files->url("/list?page=$_")) for 2 .. $pages->count;
}
my %peer  = start_peers();
my %is_reference = map { $_ => 1 } @REFERENCE;
my @rows = grep { "$_->{name} $_->{mode}" =~ /$set{ONLY}/ || $is_reference{ $_->{name} } } all_rows();

sub write_file {
    my ($name, @lines) = @_;
    open my $file, '>:raw', "$folder/$name" or die "$folder/$name: $!\n";
    print {$file} @lines;
    close $file or die "$folder/$name: $!\n";
    return "$folder/$name";
}

# Starts those that can be, and nginx again, which is to know them.
sub start_peers {
    my $answer = write_file('answer', $pages->first_answer);
    my %args   = (folder => "$FindBin::Bin/peer", prefix => $PREFIX, answer => $answer);
    my %peer   = map { $_->name => $_ } map { "BookShare::Bench::Peer::$_"->new($stack, %args) } qw(Echo PHP Flask);
    for my $peer (map { $peer{$_} } qw(echo php flask)) {
        next if $peer->name eq 'flask' && 'flask hot' !~ /$set{ONLY}/;
        my @missing = $peer->missing;
        $peer->{why} = "missing (Debian: @missing)" if @missing;
        note('starting ', $peer->label) if !@missing;
        @missing or eval { $stack->add_peer($peer); 1 } or $peer->{why} = "did not start: $@" =~ s/\n.*//sr;
    }
    $stack->stop_nginx;
    $stack->start_nginx;
    return %peer;
}

# Two rows of what can be asked for any page: hot and spread. Takes the name, what it is called, why it can't be
# measured (or undef), code that makes the path of a page, and more for both.
sub hot_and_spread {
    my ($name, $label, $why, $path, %more) = @_;
    my @common = (name => $name, label => $label, why => $why, %more);
    return (
        { @common, mode => 'hot',    page => 1, path => $path },
        { @common, mode => 'spread', pages => [1 .. $pages->count], path => $path },
    );
}

# A row:
#     name, mode, label   hot: one page; spread: pages at random
#     why                 it can't be measured; undef if it can
#     page, pages         the page that is asked for, or all of those
#     path                code: its path, or its whole address
#     stack               whom to ask; the one that renders, otherwise
#     source              where the answer must say that it is from
#     status, etag        304, and whether to send ETags along
#     header              header lines to send
#     books               how its rows are compared: 'same' as the page's, 'some', or '' if there are none
#     contains            what each answer holds
#     clients, seconds    fewer clients, and longer
#     requests            asks for so many by ab, instead of wrk
sub all_rows {
    my ($files, $index, $mysql) = map { $variants->stack($_) } qw(files index mysql);
    my $middle = int(($pages->count + 1) / 2);
    my @terms  = $pages->terms;
    my $list   = sub { $_[0] > 1 ? "/list?page=$_[0]" : '/list' };
    my $search = sub {"/list?search=$terms[$_[0] - 1]"};
    my $json   = sub {"/api/books?search=$terms[$_[0] - 1]"};
    my @not_kept = 'If-None-Match: "other"';    # no kept answer for a client that has one
    my %gzip   = (mode => 'gzip', contains => '');    # as browsers ask; wrk does not decompress
    my @gzip   = 'Accept-Encoding: gzip';
    my $asked  = sub { my ($name) = @_; return sub { $peer{$name}->url("?page=$_[0]") } };
    my %slow   = (clients => $set{WORKERS}, seconds => max($set{SECONDS}, 5));    # more would only stand in line
    my @rows   = (
        hot_and_spread('static', 'nginx, a static file', undef, sub {"/bench/static/$_[0].html"}),
        hot_and_spread('echo', $peer{echo}->label, $peer{echo}{why}, $asked->('echo'), is_always => 1),
        hot_and_spread('file', 'list from a page file', $variants->why('files'), $list,
            stack => $files, source => 'page file'),
        { %gzip, name => 'file', label => 'list from a page file', why => $variants->why('files'), page => 1,
            path => $list, stack => $files, source => 'page file', header => \@gzip },
        hot_and_spread('redis', 'list rendered from Redis', undef, $list, source => 'Redis'),
        { %gzip, name => 'redis', label => 'list rendered from Redis', pages => [1 .. $pages->count], path => $list,
            source => 'Redis', header => \@gzip },
        { name => 'redis', mode => 'middle', label => "list from Redis, page $middle", page => $middle, path => $list,
            source => 'Redis' },
        hot_and_spread('index', 'list from the index, no Redis', $variants->why('index'), $list,
            stack => $index, source => 'index'),
        hot_and_spread('mysql', 'list rendered from MySQL', $variants->why('mysql'), $list,
            stack => $mysql, source => 'MySQL', %slow),
        hot_and_spread('304', 'list, not modified', defined $pages->etag(1) ? undef : 'not built (no ETag)', $list,
            etag => 1, status => 304, books => '', contains => ''),
        { name => 'home', mode => 'hot', label => 'home page', page => 1, path => sub {'/'},
            books => '', contains => '<h1>' },
        { name => 'kept', mode => 'hot', label => 'search, one word, kept', page => 1, path => $search, books => 'some' },
        { name => 'kept', mode => 'json', label => 'the same as JSON', page => 1, path => $json, books => '',
            contains => '"total":' },
        { %gzip, name => 'kept', label => 'search, one word, kept', page => 1, path => $search, books => 'some',
            header => \@gzip },
        { name => 'search', mode => 'hot', label => 'search, one word', page => 1, path => $search,
            books => 'some', header => \@not_kept },
        { name => 'search', mode => 'spread', label => 'search, many words', pages => [1 .. @terms], path => $search,
            books => 'some', header => \@not_kept },
        { %gzip, name => 'search', label => 'search, many words', pages => [1 .. @terms], path => $search,
            books => 'some', header => [@not_kept, @gzip] },
        { name => 'search', mode => 'json', label => 'the same as JSON', pages => [1 .. @terms], path => $json,
            books => '', contains => '"total":', header => \@not_kept },
        hot_and_spread('php', $peer{php}->label, $peer{php}{why}, $asked->('php')),
        { name => 'flask', mode => 'hot', label => $peer{flask}->label, why => $peer{flask}{why}, page => 1,
            path => $asked->('flask'), clients => 2, requests => 4 },
    );
    my %usual = (
        stack    => $stack,       status  => 200, books => 'same', contains => '</td>',
        clients  => $set{CLIENTS}, seconds => $set{SECONDS},
    );
    return map { { %usual, %$_ } } @rows;
}

# ---- Asking

sub address {
    my ($row, $page) = @_;
    my $path = $row->{path}->($page);
    return $path =~ m{^/} ? $row->{stack}->url($path) : $path;
}

# Looks at the answers of a row for a few pages. Returns what is wrong with them, or nothing.
sub fault {
    my ($row) = @_;
    my $all = $row->{pages} // [$row->{page}];
    for my $page ($all->[0], $all->[-1], map { $all->[rand @$all] } 1 .. 3) {
        my %headers = map { split /: /, $_, 2 } @{ $row->{header} // [] };
        $headers{'If-None-Match'} = $pages->etag($page) if $row->{etag};
        my $answer  = $http->get(address($row, $page), { headers => \%headers });
        my $source  = source_of($answer);
        my $shown   = $row->{is_always} ? 1 : $page;
        my $content = $answer->{content} // '';
        gunzip(\($answer->{content}), \$content) if ($answer->{headers}{'content-encoding'} // '') eq 'gzip';
        my @cells   = BookShare::Bench::Pages::cells($content);
        my $fault =
              $answer->{status} != $row->{status}         ? "status $answer->{status}"
            : $row->{source} && $row->{source} ne $source ? "comes from '$source', not from '$row->{source}'"
            : index($content, $row->{contains}) < 0       ? "holds no $row->{contains}"
            : $row->{books} eq 'same'                     ? $pages->fault($shown, $content)
            : $row->{books} eq 'some' && !@cells          ? 'has no rows'
            :                                               undef;
        return address($row, $page) . ": $fault" if defined $fault;
    }
    return;
}

# Measures a row once, for so long; looks at each answer if it is only to warm up.
sub measure {
    my ($row, $seconds, $is_warm_up) = @_;
    my $url  = address($row, $row->{page} // 1);
    my %args = (stack => $stack, clients => $row->{clients}, seconds => $seconds, url => $url);
    return ab(%args, requests => $is_warm_up ? $row->{clients} : $row->{requests}) if $row->{requests};
    $args{header} = [@{ $row->{header} // [] }, $row->{etag} ? 'If-None-Match: ' . $pages->etag(1) : ()];
    $args{paths}  = $row->{paths} //= write_file("$row->{name}-paths", map {
        address($row, $_) =~ s{^http://[^/]+}{}r . "\t" . ($row->{etag} ? $pages->etag($_) : '') . "\n"
    } @{ $row->{pages} }) if $row->{pages};
    @args{qw(status contains)} = @$row{qw(status contains)} if $is_warm_up;
    return wrk(%args);
}

# Waits until nobody is busy any more with what the last row asked for and did not wait for.
sub wait_until_idle {
    my @servers = $variants->pids;
    my $end     = time + 30;
    my ($before, $now) = (-1, cpu_seconds(@servers));
    while ($now - $before > 0.01 && time < $end) {
        sleep 0.1;
        ($before, $now) = ($now, cpu_seconds(@servers));
    }
    return @servers;
}

# A timed answer is not looked at, but an error page would be of another size.
sub is_odd_size {
    my ($row, $figures) = @_;
    return $row->{bytes} && $row->{books} ne 'some' && abs($figures->{bytes} / $row->{bytes} - 1) > 0.2;
}

for my $row (grep { !$_->{why} } @rows) {
    note("looking at: $row->{label}, $row->{mode}");
    my $fault = fault($row);
    if (defined $fault) {
        @$row{qw(why wrong)} = ("wrong: $fault", 1);
        next;
    }
    my $figures = measure($row, $WARM_UP, 1);
    $row->{failed} = $figures->{failed};
    $row->{errors} = $figures->{errors};
    $row->{bytes}  = $figures->{bytes};
    $row->{note}   = sprintf '%.1f %% of the answers were page files', 100 * $figures->{files} / $figures->{looked}
        if ($row->{source} // '') eq 'page file' && $figures->{files} < $figures->{looked};
}

my @measured = grep { !$_->{why} } @rows;
for my $round (1 .. $set{ROUNDS}) {
    my $length = sum0(map { $_->{seconds} + 0.4 } @measured);
    note("round $round of $set{ROUNDS}, some ", int $length, ' s; load of the machine ', number(load()));
    for my $row (@measured) {
        my @servers = wait_until_idle();
        my $cpu     = cpu_seconds(@servers);
        my $figures = measure($row, $row->{seconds});
        $figures->{cpu} = (cpu_seconds(@servers) - $cpu) / $figures->{requests} * 1e6 if $figures->{requests};
        $figures->{failed} += $figures->{errors}{size} = $figures->{requests} if is_odd_size($row, $figures);
        push @{ $row->{rounds} }, $figures;
        $variants->empty_logs;
        $row->{failed} += $figures->{failed};
        $row->{errors}{$_} += $figures->{errors}{$_} for keys %{ $figures->{errors} };
    }
}
$machine->{load_after} = load();
my @problems = $stack->problems;
$variants->stop;

# ---- What came of it

sub find_row {
    my ($name, $mode) = @_;
    my ($found) = grep { $_->{name} eq $name && $_->{mode} eq $mode && $_->{rounds} } @rows;
    return $found;
}

# How many times the rate of another row, each round by itself.
sub ratio {
    my ($row, $other) = @_;
    return if !$row || !$other || !$row->{rounds};
    return median(map { $row->{rounds}[$_]{rate} / ($other->{rounds}[$_]{rate} || return) } 0 .. $set{ROUNDS} - 1);
}

sub summary {
    my ($row) = @_;
    my @rates = map { $_->{rate} } @{ $row->{rounds} };
    my %middle = map {
        my $name = $_;
        ($name => scalar median(grep {defined} map { $_->{$name} } @{ $row->{rounds} }))
    } qw(cpu p50 p99);
    my $held = $row->{pages} ? 'spread' : 'hot';
    return (
        median => median(@rates), least => min(@rates), most => max(@rates), %middle,
        worst  => max(map { $_->{worst} } @{ $row->{rounds} }),
        ratio  => { map { ($_ => scalar ratio($row, scalar find_row($_, $held))) } @REFERENCE },
    );
}
%$_ = (%$_, summary($_)) for @measured;

# What the project wants: name, row, what it is held against, at least.
my @targets = (
    ['page file, of a static file',      ['file', 'hot'],       ['static', 'hot'],    0.90],
    ['page file, of a static file',      ['file', 'spread'],    ['static', 'spread'], 0.90],
    ['rendered from Redis, of PHP',      ['redis', 'spread'],   ['php', 'spread'],    1.5],
    ['rendered from Redis, of the echo', ['redis', 'spread'],   ['echo', 'spread'],   0.30],
    ['304, of the full page',            ['304', 'hot'],        ['redis', 'hot'],     2],
    ['middle page, of the first',        ['redis', 'middle'],   ['redis', 'hot'],     1 / 1.1],
);
my @reached = map {
    my ($name, $row, $other, $least) = @$_;
    my ($ours, $theirs) = (scalar find_row(@$row), scalar find_row(@$other));
    my $cpu = $ours && $theirs && $ours->{cpu} && $theirs->{cpu} ? $theirs->{cpu} / $ours->{cpu} : undef;
    { name => "$name, $row->[1]", ratio => scalar ratio($ours, $theirs), cpu => $cpu, least => $least };
} @targets;

# What has to be said about a row beside its figures.
sub remarks {
    my ($row) = @_;
    my @failed = map {"$_ $row->{errors}{$_}"} sort keys %{ $row->{errors} // {} };
    return map {"$row->{label}, $row->{mode}: $_"} @failed ? "failed: @failed" : (), $row->{note} // ();
}

sub line {
    my ($row) = @_;
    return sprintf '%-27s %-6s  %s', $row->{label}, $row->{mode}, $row->{why} if $row->{why};
    return [
        sprintf('%-27s %-6s', @$row{qw(label mode)}), map({ number($_) } @$row{qw(median least most)}),
        map({ number($row->{ratio}{$_}) } @REFERENCE), map({ number($_) } @$row{qw(cpu p50 p99 worst)}), $row->{failed},
    ];
}

printf "\n%d books, %d pages of some %d bytes; %d clients, %d workers; %d rounds of %d s each\n",
    $pages->books, $pages->count, $pages->bytes, @set{qw(CLIENTS WORKERS ROUNDS SECONDS)};
printf "%s, %d cores; %s, Linux %s; load %s before, %s after\n\n",
    @$machine{qw(processor cores system kernel)}, map { number($_) } @$machine{qw(load load_after)};
print table(
    ['', 'answers/s', qw(least most), 'of static', 'of echo', 'of PHP', 'cpu us', 'p50 ms', 'p99 ms', qw(worst failed)],
    map({ line($_) } @rows), map { remarks($_) } @rows,
);
print "\n", table(['Wanted', 'at least', 'is', '', 'by processor time'], map {
    my $is_reached = !defined $_->{ratio} ? '' : $_->{ratio} >= $_->{least} ? 'yes' : 'NO';
    [$_->{name}, number($_->{least}), number($_->{ratio}), $is_reached, number($_->{cpu})];
} @reached);
print "\nThe logs complain:\n", map {"    $_\n"} @problems[0 .. min($#problems, 9)] if @problems;

# ---- Files

make_path(my $out = $variants->build . '/bench');
my @kept = qw(name mode label why note clients median least most cpu p50 p99 worst ratio rounds failed errors);
write_json("$out/report.json", {
    machine => $machine,
    pages   => { map { ($_ => $pages->$_) } qw(books count bytes) },
    rows    => [map { my $row = $_; +{ map { ($_ => $row->{$_}) } grep { defined $row->{$_} } @kept } } @rows],
    seconds => time - $began, settings => \%set, targets => \@reached,
});
my @files = ("$out/report.json");
if (lacking(gnuplot => 'gnuplot-nox')) {
    print "\nNo chart: gnuplot is missing (Debian: gnuplot-nox)\n";
}
elsif (chart("$out/report.svg", 'Book Share: answers per second', ['hot', 'spread'],
    map { [@$_{qw(label)}, $_->{mode} eq 'spread' ? 'spread' : 'hot', @$_{qw(median least most)}] } @measured)) {
    push @files, "$out/report.svg";
}
printf "\n%s\n%.0f s\n", join("\n", @files), time - $began;
exit((grep { $_->{wrong} || $_->{failed} } @rows) ? 1 : 0);
