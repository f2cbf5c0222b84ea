# A minute of check-fault.pl: nothing is stale while workers, Redis and MySQL are killed. A longer one: make check-fault.

use v5.20;
use warnings;

use FindBin;
use Test::More tests => 1;

my $output = `$^X $FindBin::Bin/check-fault.pl --duration 60 2>&1`;
ok $? == 0, 'no page is stale, whatever is killed';
$? == 0 ? note $output : diag $output;
