package BookShare::Bench::Engine::SQLite;

# The books in SQLite, with a full-text index of trigrams (FTS5) over their texts: what a search is held against. Times
# are those of its client, with the pipe to it: SQLite's own timer counts whole milliseconds.

use v5.20;
use warnings;

use IPC::Open2;
use Time::HiRes qw(time);

use BookShare::Bench::Report qw(median);

sub name { return 'SQLite' }
sub is_there { return system('sqlite3 --version >/dev/null 2>&1') == 0 }

# Loads books from a file: tab-separated columns, in the order of their IDs.
sub new {
    my ($class, $folder, $file) = @_;
    my $self = bless {}, $class;
    $self->{pid} = open2($self->{out}, $self->{in}, 'sqlite3', '-batch', "$folder/books.sqlite");
    $self->{in}->autoflush;
    $self->run(<<"END");
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE music (book_id, title, category, authors, publisher, edition, available_from);
.mode tabs
.import '$file' music
.mode list
CREATE VIRTUAL TABLE texts USING fts5(title, category, authors, publisher, edition, content = 'music', tokenize = 'trigram');
INSERT INTO texts (texts) VALUES ('rebuild');
PRAGMA cache_size = -1000000;
END
    return $self;
}

# Runs statements; returns their output.
sub run {
    my ($self, $sql) = @_;
    print { $self->{in} } "$sql\n.print done\n";
    my @lines;
    while (defined(my $line = readline $self->{out})) {
        return @lines if $line eq "done\n";
        push @lines, $line;
    }
    die "sqlite3 has ended\n";
}

# A search of words, any of which may be in any text: the number of books, and the first hundred. Returns the median
# of the milliseconds of some tries, and the number.
sub search {
    my ($self, $words, $tries) = @_;
    my @words = split ' ', $words;

    # An index of trigrams knows no shorter text.
    my $condition = (grep { length >= 3 } @words) == @words
        ? "texts MATCH '" . join(' ', map {qq("$_")} @words) . q(')
        : join ' AND ', map {
            my $word = $_;
            '(' . join(' OR ', map {"texts.$_ LIKE '%$word%'"} qw(title category authors publisher edition)) . ')'
        } @words;
    my (@times, $books);
    for (1 .. $tries) {
        my $start = time;
        my @lines = $self->run("SELECT 'books', COUNT(*) FROM texts WHERE $condition;\n"
                . "SELECT music.* FROM texts JOIN music ON music.rowid = texts.rowid WHERE $condition ORDER BY texts.rowid LIMIT 100;");
        push @times, 1000 * (time - $start);
        ($books) = map {/^books\|(\d+)/} @lines;
    }
    return (scalar median(@times), $books);
}

sub stop {
    my ($self) = @_;
    close $self->{in};
    waitpid $self->{pid}, 0;
    return;
}

1;
