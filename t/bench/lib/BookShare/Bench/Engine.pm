package BookShare::Bench::Engine;

# Another database with the books and an index of trigrams over their texts, that searches are held against. Its client
# runs all the while and is fed through a pipe. A subclass has name, is_there and new(FOLDER, FILE), which loads books
# from a file: tab-separated columns, in the order of their IDs. It also has
#
#     mark         what makes the client print "done"
#     condition    the condition for books that have each of some words in any text
#     table        what is searched
#     rows         the statement for the first hundred books of a condition, in the order of their IDs

use v5.20;
use warnings;

use IPC::Open2;
use Time::HiRes qw(time);

use BookShare::Bench::Report qw(median);

sub start_client {
    my ($self, @command) = @_;
    $self->{client} = open2($self->{out}, $self->{in}, @command);
    $self->{in}->autoflush;
    return;
}

# Runs statements; returns their output.
sub run {
    my ($self, $sql) = @_;
    print { $self->{in} } "$sql\n", $self->mark, "\n";
    my @lines;
    while (defined(my $line = readline $self->{out})) {
        return @lines if $line eq "done\n";
        push @lines, $line;
    }
    die $self->name, "'s client has ended\n";
}

# Counts the books of a search and reads the first hundred. Returns the median of the milliseconds of some tries, and
# the number.
sub search {
    my ($self, $words, $tries) = @_;
    my $condition = $self->condition(split ' ', lc $words);
    my $sql       = "SELECT 'books', COUNT(*) FROM " . $self->table . " WHERE $condition;\n" . $self->rows($condition);
    my (@times, $books);
    for (1 .. $tries) {
        my $start = time;
        my @lines = $self->run($sql);
        push @times, 1000 * (time - $start);
        ($books) = map {/^books\|(\d+)/} @lines;
    }
    return (scalar median(@times), $books);
}

sub stop {
    my ($self) = @_;
    close $self->{in};
    waitpid $self->{client}, 0;
    return;
}

1;
