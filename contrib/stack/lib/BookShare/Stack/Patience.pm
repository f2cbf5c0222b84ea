package BookShare::Stack::Patience;

# How long something is waited for. Every deadline of the launcher and of the tests is stated for a quiet machine and
# multiplied by one factor, so that none is missed because a machine is slow or busy: BOOKSHARE_TEST_PATIENCE, which
# `make check` sets (PATIENCE), and 1 without it. t/browser/browser.js does the same.

use v5.20;
use warnings;

use Exporter 'import';

our @EXPORT = qw(patience);

# Takes seconds on a quiet machine; returns the seconds to wait.
sub patience {
    my ($seconds) = @_;
    state $factor = do {
        my $set = $ENV{BOOKSHARE_TEST_PATIENCE} // 1;
        $set =~ /^\d*\.?\d+$/ && $set > 0 or die "BOOKSHARE_TEST_PATIENCE is a number above 0, not '$set'\n";
        $set;
    };
    return $seconds * $factor;
}

1;
