#!/usr/bin/perl
# Proves that no page is stale, whatever is killed: writers and readers (checker.c) go through nginx, and imports write
# many books at once, while workers, imports, Redis and MySQL are killed, stopped, flushed, partly evicted and set back.
# See `make check-fault`.
#
#     check-fault.pl [--duration 60] [--seed N] [--page-files 1] [--check-ms 1000] [--rows 3000] [--guards-off NAMES]
#         [--redis off] [--pause-ms 0]
#
# Afterwards: every acknowledged write is in the log of changes once, the versions have no gaps, and the list in Redis
# is the table; without Redis, the pages show the table. Ends with status 1 if anything is wrong, and keeps its folder then.

use v5.20;
use warnings;

use Encode qw(encode);
use File::Temp;
use Getopt::Long;
use HTTP::Tiny;
use JSON::PP qw(decode_json);
use Time::HiRes qw(sleep time);

use BookShare::Stack;
use BookShare::Stack::Patience;

my %option = (duration => 60, seed => time, 'page-files' => 1, 'check-ms' => 1000, rows => 3000, 'pause-ms' => 0, 'guards-off' => '', redis => '');
GetOptions(\%option, 'duration=f', 'seed=i', 'page-files=i', 'check-ms=i', 'rows=i', 'pause-ms=i', 'guards-off=s', 'redis=s')
    or die "see the head of $0\n";
$option{seed} = int $option{seed};
srand $option{seed};
$| = 1;

my $workers = 6;
my $build   = $ENV{BOOKSHARE_BUILD} // '.';
my $programs = $option{'guards-off'} ? guarded() : $build;
my $folder   = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1, CLEANUP => 0);
my $stack  = BookShare::Stack->new(
    dir => $folder->dirname, build => $programs, source => $ENV{BOOKSHARE_SOURCE} // '.', rows => $option{rows},
    workers => $workers, page_files => $option{'page-files'}, redis_url => $option{redis},
    env => { BOOKSHARE_CHECK_MS => $option{'check-ms'}, BOOKSHARE_GUARDS_OFF => $option{'guards-off'} },
);
$stack->start;
say "seed $option{seed}, $option{duration} s, check interval $option{'check-ms'} ms, ",
    $option{'page-files'} ? 'with' : 'without', ' page files, ', $option{redis} ? "Redis $option{redis}" : 'with Redis', "; $folder";

my (%count, %stopped);    # faults by kind; parts that stand still, with the time when they go on
my ($importer, $turn, @ended) = (0, 0);    # the import under way; how many were begun; how those ended that were not killed

# Each fault, how often it comes relative to the others, and what it does.
my @faults = (
    ['worker killed',           60, sub { kill_worker() }],
    ['Redis stopped',           6,  sub { stand_still('redis', 0.05 + rand 1.5) }],
    ['Redis killed, empty',     3,  sub { unlink "$folder/dump.rdb"; restart('redis') }],
    ['Redis killed, set back',  4,  sub { restart('redis') }],
    ['Redis saved',             4,  sub { quietly(redis => 'SAVE') }],
    ['Redis flushed',           4,  sub { quietly(redis => 'FLUSHALL') }],
    ['Redis keys evicted',      6,  sub { evict() }],
    ['Redis connections cut',   4,  sub { quietly(redis => qw(CLIENT KILL TYPE normal)) }],
    ['Redis full for a while',  2,  sub { quietly(redis => qw(CONFIG SET maxmemory 1)); $stopped{full} = time + rand 1 }],
    ['MySQL stopped',           3,  sub { stand_still('mysql', 0.05 + rand 1.2) }],
    ['MySQL killed',            1,  sub { restart('mysql') }],
    ['MySQL connections cut',   4,  sub { cut_mysql() }],
    ['import begun',            20, sub { begin_import() }],
    ['import killed',           5,  sub { kill 'KILL', $importer if is_importing() }],
    ['cache clear',             1,  sub { $stack->run_program('', 'env', environment(), "$programs/bookshare", 'cache', 'clear') }],
);
@faults = grep { $_->[0] !~ /Redis|cache clear/ } @faults if $option{redis};
my $weights = 0;
$weights += $_->[1] for @faults;

# The folder of the programs whose guards can be taken out, with what else a stack needs beside them.
sub guarded {
    for my $name (qw(static bookshare-generate)) {
        symlink "../$name", "$build/guarded/$name" if !-e "$build/guarded/$name";
    }
    return "$build/guarded";
}

sub environment { my %env = $stack->env; return map {"$_=$env{$_}"} keys %env }

# A failure while a server is down is expected.
sub quietly { my ($part, @words) = @_; return eval { $stack->$part(@words) } }

sub kill_worker {
    my @workers = $stack->pids('worker');
    kill 'KILL', $workers[rand @workers] if @workers;
    return;
}

sub stand_still {
    my ($part, $seconds) = @_;
    $stack->pause($part);
    $stopped{$part} = time + $seconds;
    return;
}

sub go_on {
    for my $part (keys %stopped) {
        next if $stopped{$part} > time || $part eq 'full' && $stopped{redis};    # it would not answer
        delete $stopped{$part};
        $part eq 'full' ? quietly(redis => qw(CONFIG SET maxmemory 0)) : $stack->resume($part);
    }
    return;
}

sub restart {
    my ($part) = @_;
    return if $stopped{$part};
    $stack->kill($part, 'KILL');
    $stack->start_part($part);
    return;
}

sub evict {
    my @keys = split /\n/, quietly(redis => 'KEYS', '{bookshare}*') // '';
    quietly(redis => 'DEL', $_) for grep { rand() < 0.2 } @keys;
    return;
}

sub cut_mysql {
    my @ids = map { $_->[0] } @{ quietly(mysql => "SELECT id FROM information_schema.processlist WHERE user = 'bookshare'") // [] };
    quietly(mysql => "KILL $_") for @ids;
    return;
}

# Imports books among those that the pages show, in versions of many changes: some are new, some have other titles.
sub is_importing {
    return 0 if !$importer;
    return 1 if waitpid($importer, 1) == 0;
    push @ended, $? >> 8 if !($? & 127);
    return $importer = 0;
}

sub begin_import {
    return if is_importing();
    $turn++;
    open my $out, '>', "$folder/import.csv" or die "$folder/import.csv: $!\n";
    print {$out} "book_id,title,category,authors,publisher,edition,available_from\n",
        map { sprintf "%s-import-%04d,import %d,,,,,\n", chr(65 + $_ * 7 % 26), $_ + 200 * ($turn % 5), $turn } 1 .. 3000;
    close $out or die "$folder/import.csv: $!\n";
    $importer = fork // die "fork: $!\n";
    return if $importer;
    open STDOUT, '>', '/dev/null';
    open STDERR, '>>', $stack->log('import');
    exec 'env', environment(), "$programs/bookshare", 'import', '--batch', 20 + int rand 231, '--on-duplicate', 'replace', "$folder/import.csv";
    die "$programs/bookshare: $!\n";
}

sub disturb {
    my $at = rand $weights;
    for my $fault (@faults) {
        next if ($at -= $fault->[1]) > 0;
        return if $fault->[0] =~ /^(Redis|MySQL)/ && $stopped{ lc $1 };
        $fault->[2]->();
        $count{ $fault->[0] }++;
        return;
    }
    return;
}

my $pages   = int $option{rows} / 100;
my $checker = fork // die "fork: $!\n";
if (!$checker) {
    exec "$build/t/fault/checker", '127.0.0.1', $stack->port, $option{duration}, $pages, $option{'pause-ms'}, "$folder/acknowledged";
    die "$build/t/fault/checker: $!\n";
}
my ($end, $next) = (time + $option{duration} - 3, time + 2);
while (time < $end) {
    sleep 0.02;
    go_on();
    next if time < $next;
    disturb();
    $next = time + 0.1 + rand 0.6;
}
$_ = 0 for values %stopped;
go_on() while %stopped;
waitpid $checker, 0;
my $wrong = $? != 0 ? 1 : 0;
sleep 0.1 while is_importing();

# ---- Afterwards

sub wrong { say "WRONG: @_"; $wrong = 1; return }

for my $kind (sort keys %count) { printf "%-24s%d\n", $kind, $count{$kind} }

printf "%-24s%d of %d\n", 'imports that ended well', scalar(grep { $_ == 0 } @ended), $turn;

my ($versions) = $stack->mysql('SELECT COUNT(DISTINCT version), MAX(version) - MIN(version) + 1, (SELECT version FROM music_version), MAX(version) FROM music_changes');
wrong("versions: changes of $versions->[0] from $versions->[1] versions up to $versions->[3] of $versions->[2]")
    if $versions->[0] != $versions->[1] || $versions->[2] != $versions->[3];
my ($torn) = $stack->mysql('SELECT COUNT(*) FROM (SELECT version FROM music_changes GROUP BY version HAVING COUNT(*) <> MAX(part) + 1) AS torn');
wrong("$torn->[0] versions lack a part") if $torn->[0] != 0;

my %logged;    # by "ID number op"
for my $row ($stack->mysql("SELECT book_id, op, row_before, row_after FROM music_changes WHERE actor = 'web' ORDER BY version")) {
    my ($id, $op, $before, $after) = @$row;
    $logged{$id}{deleted}++ if $op eq 'delete';
    $logged{$id}{$1}++ if ($after // '') =~ /\tnumber (\d+)\t/;
}
my %deleted;
open my $file, '<', "$folder/acknowledged" or die "$folder/acknowledged: $!\n";
while (<$file>) {
    my ($id, $number, $op) = split;
    if ($op == 3) { $deleted{$id}++; next }
    my $times = $logged{$id}{$number} // 0;
    wrong("write $number of $id was acknowledged once and logged $times times") if $times != 1;
}
for my $id (keys %deleted) {
    wrong("$deleted{$id} deletions of $id were acknowledged, fewer logged") if $deleted{$id} > ($logged{$id}{deleted} // 0);
}
my $http = HTTP::Tiny->new(timeout => patience(20));
$option{redis} ? compare_pages() : verify_list();

# Every page shows the books of the table, from the index.
sub compare_pages {
    my ($answer, @shown);
    for (my $end = time + patience(20); time < $end; sleep 0.1) {
        $answer = $http->get($stack->url('/api/books?limit=1'));
        last if ($answer->{headers}{'cache-status'} // '') =~ /find-index/;
    }
    wrong('pages do not come from the index: ', $answer->{headers}{'cache-status'}) if $answer->{headers}{'cache-status'} !~ /find-index/;
    for (my $url = '/api/books?limit=1000'; $url; $url = $answer->{links}{next}) {
        $answer = decode_json($http->get($stack->url($url))->{content});
        push @shown, map { encode('UTF-8', "$_->{book_id} $_->{title}") } @{ $answer->{books} };
    }
    my @stored = map { $_->[0] } $stack->mysql('SELECT CONCAT(book_id, 0x20, title) FROM music ORDER BY book_id');
    @stored = map { encode('UTF-8', $_) } @stored;
    my ($differs) = grep { ($stored[$_] // '') ne ($shown[$_] // '') } 0 .. ($#stored > $#shown ? $#stored : $#shown);
    wrong("book $differs of the pages is '", $shown[$differs] // 'none', "', of the table '", $stored[$differs] // 'none', "'") if defined $differs;
    printf "%-24s%d\n", 'books on the pages', scalar @shown;
    return;
}

sub verify_list {
    my ($verified, $out, $err) = (1, '', '');
    my $warm_at = time + patience(5);    # a rebuild that has failed several times waits for minutes before the next try
    for (my $end = time + patience(10); $verified != 0 && time < $end; sleep 0.2) {
        ($verified, $out, $err) = $stack->run_program('', 'env', environment(), "$programs/bookshare", 'cache', 'verify');
        last if $verified == 0;
        if ($out eq '' && time > $warm_at) {    # no list that could be compared
            $stack->run_program('', 'env', environment(), "$programs/bookshare", 'cache', 'warm');
            $warm_at = 'inf';
        }
        quietly(mysql => 'DO 1');
        $http->get($stack->url('/list?page=1&x'));
    }
    wrong("the list is not the table: $out$err") if $verified != 0;
    say "list and table: ", $out =~ s/\s+$//r;
    return;
}

my @problems = grep {
    !/\berror\b.*(?:MySQL|Redis)|connect\(\) to unix:\S+worker\.sock failed|bookshare-pool: worker \d died of signal 9/
} $stack->problems;
wrong("in the logs: $_") for @problems[0 .. ($#problems < 5 ? $#problems : 5)];
$stack->stop;
say $wrong ? "FAILED; see $folder" : 'no violation';
system 'rm', '-rf', "$folder" if !$wrong;
exit $wrong;
