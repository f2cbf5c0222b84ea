#!/usr/bin/perl
# What would open a hole in the escaping or in the Content-Security-Policy is not written in a template.
use strict;
use warnings;
use File::Basename qw(basename);
use FindBin;
use Test::More;

my @banned = (
    [qr/<\?cs\s*(?:uvar|lvar|evar|alt|linclude|escape|lcall)\b/ => 'a command that goes past the escaping'],
    [qr/=\s*<\?cs\s*(?:var|name)\b/                             => 'a value in an attribute without quotes'],
    [qr/=\s*'[^']*<\?cs/                                        => 'a value in single quotes'],
    [qr/<script\b(?![^>]*\bsrc=)/                               => 'inline script'],
    [qr/<style\b|\sstyle\s*=/                                   => 'inline style'],
    [qr/\son[a-z]+\s*=\s*["']/                                  => 'an inline handler'],
    [qr/javascript:/i                                           => 'a javascript: address'],
    [qr{(?:src|href|action)="(?:https?:)?//}                    => 'an address of another host'],
);

my @files = sort glob "$FindBin::Bin/../../templates/*.cs";
plan tests => scalar @files;

for my $file (@files) {
    open my $in, '<', $file or die "$file: $!";
    my @faults;
    while (my $line = <$in>) {
        push @faults, "line $.: $_->[1]" for grep { $line =~ $_->[0] } @banned;
    }
    is "@faults", '', basename($file);
}
