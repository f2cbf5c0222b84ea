package BookShare::Stack::Patience;

# Scales deadlines. Every deadline of the launcher and of the tests is for an idle machine and is multiplied by
# BOOKSHARE_TEST_PATIENCE (default 1), so that none is missed on a slow or busy machine. `make check` sets it from
# PATIENCE. t/browser/browser.js does the same.

use v5.20;
use warnings;

use Exporter 'import';

our @EXPORT = qw(patience);

# Converts seconds on an idle machine to the seconds to wait.
sub patience {
    my ($seconds) = @_;
    state $factor = do {
        my $set = $ENV{BOOKSHARE_TEST_PATIENCE} // 1;
        $set =~ /^\d*\.?\d+$/ && $set > 0 or die "BOOKSHARE_TEST_PATIENCE must be a number above 0, not '$set'\n";
        $set;
    };
    return $seconds * $factor;
}

1;
