#!/usr/bin/perl
# The templates against expected text. CASE.hdf (after base.hdf) rendered by TEMPLATE.cs must give CASE.html, where
# TEMPLATE is the case's name up to its first hyphen.
#
# After a change that is meant: BOOKSHARE_GOLDEN=write perl templates.t, then read the difference before you keep it.
# BOOKSHARE_RENDER names another renderer; it is called as cstest is, PROGRAM FILE.hdf FILE.cs, in the templates' folder.
use strict;
use warnings;
use File::Basename qw(basename);
use File::Spec;
use File::Temp;
use FindBin;
use Test::More;

my $here      = File::Spec->rel2abs($FindBin::Bin);
my $templates = "$here/../../templates";
my $renderer  = $ENV{BOOKSHARE_RENDER} || 'cstest';
$renderer = File::Spec->rel2abs($renderer) if $renderer =~ m{/};
my $write     = ($ENV{BOOKSHARE_GOLDEN} || '') eq 'write';

my @cases = grep { $_ ne 'base' } map { basename($_, '.hdf') } sort glob "$here/*.hdf";
plan tests => scalar @cases;

chdir $templates or die "$templates: $!";
for my $case (@cases) {
    my ($template) = $case =~ /^([^-]+)/;
    my $got = render("$template.cs", slurp("$here/base.hdf") . slurp("$here/$case.hdf"));
    spew("$here/$case.html", $got) if $write;
    is_lines($got, slurp("$here/$case.html"), $case);
}

sub render {
    my ($template, $data) = @_;
    my $hdf = File::Temp->new(SUFFIX => '.hdf');
    print {$hdf} $data;
    close $hdf or die "$hdf: $!";
    open my $out, '-|', $renderer, "$hdf", $template or die "$renderer: $!";
    my $text = do { local $/; <$out> };
    close $out or die "$renderer $template: status $?\n";
    $text =~ s/\AParsing \S+\n//;    # cstest says what it is about to do
    return $text;
}

# is(), but with the first line that differs in place of two whole pages.
sub is_lines {
    my ($got, $expected, $name) = @_;
    return pass $name if $got eq $expected;
    my @got      = split /\n/, $got, -1;
    my @expected = split /\n/, $expected, -1;
    my $n = 0;
    $n++ while $n < @got && $n < @expected && $got[$n] eq $expected[$n];
    fail $name;
    diag "$name.html:" . ($n + 1) . "\n     got: " . ($got[$n] // '(the end)') . "\nexpected: " . ($expected[$n] // '(the end)');
}

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!";
    local $/;
    return <$in>;
}

sub spew {
    my ($file, $text) = @_;
    open my $out, '>', $file or die "$file: $!";
    print {$out} $text;
    close $out or die "$file: $!";
}
