#!/usr/bin/perl
# cppcheck finds no fault in the C sources.
use strict;
use warnings;
use Test::More;

use BookShare::Linter;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my $linter = BookShare::Linter->new('cppcheck', '2.10');
plan tests => 1;

# legacyUninitvar is wrong about structs that "= {0}" begins; the compiler warns about the real ones.
my $build    = $ENV{BOOKSHARE_BUILD} // 'build';
my $findings = `cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=3 \\
    --suppress=legacyUninitvar -Isrc -I. -I'$build/src' -I'$build' src generator 2>&1`;
$linter->judge($? == 0, $findings, 'src and generator');
