# The rooms of src/ lie in layers: an include leads into a lower one, or into the same room. Nobody above
# the catalogue looks below it: the web and the command line write by its one door.

use v5.20;
use warnings;

use Test::More;

# From the lowest layer up. Rooms of one layer do not know each other.
my @LAYERS = ([qw(base)], [qw(book)], [qw(store cache index pagefile)], [qw(catalogue files people)], [qw(view)], [qw(web cli)]);

# What only the catalogue may include.
my %INNER = map { $_ => 1 } qw(store cache index pagefile);

# Generated includes, which lie in no room.
my $GENERATED = qr/\.inc$/;

my %layer;
for my $height (0 .. $#LAYERS) {
    $layer{$_} = $height for @{ $LAYERS[$height] };
}

# Returns what is wrong with a file of this room that includes that one; nothing if all is well.
sub fault {
    my ($room, $included) = @_;
    my ($other) = $included =~ m{^(\w+)/};
    return "'$included' is in no room" if !defined $other || !exists $layer{$other};
    return if $other eq $room;
    return "$room may not include $other" if $layer{$other} >= $layer{$room};
    return "$room may not look below the catalogue, into $other" if $INNER{$other} && $layer{$room} > $layer{catalogue};
    return;
}

my (@faults, %lines);
my @files = glob 'src/*/*.[ch]';
for my $path (@files) {
    my ($room) = $path =~ m{^src/(\w+)/} or die $path;
    if (!exists $layer{$room}) {
        push @faults, "$path: there is no room $room";
        next;
    }
    open my $file, '<', $path or die "$path: $!";
    while (my $line = readline $file) {
        my ($included) = $line =~ /^#include "([^"]+)"/ or next;
        next if $included =~ $GENERATED;
        push @faults, map {"$path:$.: $_"} fault($room, $included);
    }
}

is_deeply \@faults, [], scalar(@files) . ' files include downward only';

subtest 'what is forbidden would be seen' => sub {
    ok fault('store', 'catalogue/catalogue.h'), 'up';
    ok fault('store', 'cache/cache.h'),         'beside';
    ok fault('web',   'store/store.h'),         'below the catalogue';
    ok fault('cli',   'web/app.h'),             'web from cli';
    ok fault('book',  'nowhere/x.h'),           'no room';
    ok !fault('web',  'catalogue/catalogue.h'), 'and the door is open';
};

done_testing;
