#!/usr/bin/perl
# Runs fuzz targets one after the other, which `make fuzz` has built:
#
#     t/fuzz/run.pl --seconds 60 --corpus t/fuzz/corpus --work build/fuzz TARGET...
#
# Each begins with its corpus and with what earlier runs found (WORK/corpus/TARGET). It says how many inputs were tried.
# Of a target that fails the input is in WORK/failed, and the report in WORK/TARGET.log: mend the fault, and keep the
# input, with a name that says what it is, in the corpus. Exits with 1 if one failed.
use v5.20;
use warnings;
use File::Path 'make_path';
use Getopt::Long;

# As long as what a request may send of the kind, or as has been seen to lead somewhere.
my %most_bytes = (import => 8192, redis => 16_384, multipart => 8192, index => 210);

my ($seconds, $corpus, $work);
GetOptions('seconds=i' => \$seconds, 'corpus=s' => \$corpus, 'work=s' => \$work)
    && $seconds && $corpus && $work && @ARGV
    or die "usage: $0 --seconds N --corpus FOLDER --work FOLDER TARGET...\n";
my $failures = 0;
for my $target (@ARGV) {
    -x "$work/$target" or die "There is no target $target.\n";
    make_path("$work/corpus/$target", "$work/failed");
    my @command = (
        "$work/$target", "-max_total_time=$seconds", '-timeout=20', '-print_final_stats=1',
        '-max_len=' . ($most_bytes{$target} // 4096), "-artifact_prefix=$work/failed/$target-", "$work/corpus/$target",
        (-d "$corpus/$target" ? "$corpus/$target" : ()),
    );
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open STDOUT, '>', "$work/$target.log" or die "$work/$target.log: $!";
        open STDERR, '>&', \*STDOUT;
        exec @command or die "$command[0]: $!";
    }
    waitpid $pid, 0;
    my $status = $?;
    open my $in, '<', "$work/$target.log" or die "$work/$target.log: $!";
    my $log      = do { local $/; readline $in };
    my $tried    = $log =~ /^stat::number_of_executed_units:\s+(\d+)/m ? $1 : 'some';
    my ($input)  = $log =~ /Test unit written to (\S+)/;
    my $outcome  = $status == 0 ? 'no failure' : 'FAILED: ' . ($input // "see $work/$target.log");
    $failures++ if $status != 0;
    say "$target: $tried inputs, $outcome";
}
exit($failures > 0);
