#!/usr/bin/perl
# The documents list the settings as src/base/config.c has them. `make docs` rewrites the lists.
use strict;
use warnings;
use Test::More tests => 2;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my $stale  = qx($^X docs/settings.pl --check);
my $status = $?;
is $stale, '', 'every list of settings is that of config.c';
is $status, 0, 'and could be read';
