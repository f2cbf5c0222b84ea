#!/usr/bin/perl
# The C sources are as clang-format makes them (`make format`). Only the version of Debian 12 is asked: others differ.
use strict;
use warnings;
use File::Find;
use Test::More;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my $version = `clang-format --version 2>/dev/null` || 'no clang-format';
plan skip_all => "needs clang-format 14, not $version" if $version !~ /version 14\./ && !$ENV{CI};

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.[ch]$/ && !m{/words\.c$} } }, qw(src generator t));
plan tests => scalar @files;

for my $file (sort @files) {
    my $faults = `clang-format --dry-run -Werror '$file' 2>&1`;
    is $? >> 8, 0, $file or diag $faults;
}
