# A minute of check-fault.pl: nothing is stale while workers, Redis and MySQL are killed; and a few seconds without
# Redis. A longer one, with readers that never pause: make check-fault.

use v5.20;
use warnings;

use FindBin;
use Test::More tests => 2;

sub check {
    my ($what, @options) = @_;
    my $output = `$^X $FindBin::Bin/check-fault.pl --pause-ms 15 @options 2>&1`;
    ok $? == 0, $what;
    $? == 0 ? note $output : diag $output;
    return;
}

check('no page is stale, whatever is killed', '--duration', 60);
check('nor without Redis, when pages come from the index', '--duration', 15, '--redis', 'off', '--page-files', 0);
