#!/usr/bin/perl
# What would open a hole in the escaping or in the Content-Security-Policy is not written in a template.
use strict;
use warnings;
use File::Basename qw(basename);
use FindBin;
use Test::More;

my @banned = (
    [qr/<\?cs\s*(?:uvar|lvar|evar|alt|linclude|escape|lcall)\b/ => 'no command that goes past the escaping'],
    [qr/=\s*<\?cs\s*(?:var|name)\b/                             => 'no value in an attribute without quotes'],
    [qr/=\s*'[^']*<\?cs/                                        => 'no value in single quotes'],
    [qr/<script\b(?![^>]*\bsrc=)/                               => 'no inline script'],
    [qr/<style\b|\sstyle\s*=/                                   => 'no inline style'],
    [qr/\son[a-z]+\s*=\s*["']/                                  => 'no inline handler'],
    [qr/javascript:/i                                           => 'no javascript: address'],
    [qr{(?:src|href|action)="(?:https?:)?//}                    => 'no address of another host'],
);

my @files = sort glob "$FindBin::Bin/../../templates/*.cs";
plan tests => 1 + @banned;
cmp_ok scalar @files, '>', 5, 'the templates are found';

my %faults;
for my $file (@files) {
    open my $in, '<', $file or die "$file: $!";
    while (my $line = <$in>) {
        push @{ $faults{ $_->[1] } }, basename($file) . " line $." for grep { $line =~ $_->[0] } @banned;
    }
}
is "@{ $faults{ $_->[1] } // [] }", '', $_->[1] for @banned;
