#!/usr/bin/perl
# The C sources are as clang-format makes them (`make format`).
use strict;
use warnings;
use File::Find;
use Test::More;

use BookShare::Linter;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my $linter = BookShare::Linter->new('clang-format', '14');
plan tests => 2;

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.[ch]$/ && !m{/words\.c$} } }, qw(src generator t));
cmp_ok scalar @files, '>', 100, 'the sources are found';

open my $out, '-|', 'sh', '-c', 'exec clang-format --dry-run -Werror "$@" 2>&1', 'sh', sort @files or die "clang-format: $!";
my $findings = do { local $/; readline $out } // '';
close $out;
$linter->judge($? == 0, $findings, 'they are formatted');
