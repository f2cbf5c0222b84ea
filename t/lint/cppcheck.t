#!/usr/bin/perl
# cppcheck finds no fault in the C sources.
use strict;
use warnings;
use Test::More;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
plan skip_all => 'needs cppcheck' if !`cppcheck --version 2>/dev/null` && !$ENV{CI};
plan tests => 1;

# legacyUninitvar is wrong about structs that "= {0}" begins; the compiler warns about the real ones.
my $build  = $ENV{BOOKSHARE_BUILD} // 'build';
my $faults = `cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=3 \\
    --suppress=legacyUninitvar -Isrc -I. -I'$build/src' -I'$build' src generator 2>&1`;
is $?, 0, 'src and generator' or diag $faults;
