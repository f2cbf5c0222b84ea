# How long from a key to the rows: somebody types into the search of a list of ROWS books, in a headless Chromium.
#
#     make bench-keys [ROWS=500000] [WORKERS=4]
#
# Prints, over 50 keys, the median and the range of the time from the key until the rows are painted, and how much of it
# the server took.

use v5.20;
use warnings;

use File::Temp;

use BookShare::Browser;
use BookShare::Stack;

my %set = (ROWS => 500_000, WORKERS => 4);
for (@ARGV) {
    my ($name, $value) = /^(\w+)=(\d+)$/;
    defined $name && exists $set{$name} or die "keys: what is '$_'?\n";
    $set{$name} = $value;
}

my $source = $ENV{BOOKSHARE_SOURCE} // '.';
my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $stack  = BookShare::Stack->new(
    dir => $folder->dirname, build => $ENV{BOOKSHARE_BUILD} // '.', source => $source, rows => $set{ROWS}, workers => $set{WORKERS},
    port => 0,
);
BookShare::Browser::find_packages();
$stack->start;
my $status = system 'node', "$source/t/bench/keys.js", $stack->url('');
$stack->stop;
exit($status ? 1 : 0);
