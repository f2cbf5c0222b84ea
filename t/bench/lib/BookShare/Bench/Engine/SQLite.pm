package BookShare::Bench::Engine::SQLite;

# SQLite, with FTS5 and its tokenizer "trigram".

use v5.20;
use warnings;

use parent 'BookShare::Bench::Engine';

my @texts = qw(title category authors publisher edition);

sub name     { return 'SQLite' }
sub is_there { return system('sqlite3 --version >/dev/null 2>&1') == 0 }
sub mark     { return '.print done' }
sub table    { return 'texts' }

sub new {
    my ($class, $folder, $file) = @_;
    my $self    = bless {}, $class;
    my $columns = join ', ', @texts;
    $self->start_client('sqlite3', '-batch', "$folder/books.sqlite");
    $self->run(<<"END");
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE music (book_id, title, category, authors, publisher, edition, available_from);
.mode tabs
.import '$file' music
.mode list
CREATE VIRTUAL TABLE texts USING fts5($columns, content = 'music', tokenize = 'trigram');
INSERT INTO texts (texts) VALUES ('rebuild');
PRAGMA cache_size = -1000000;
END
    return $self;
}

sub condition {
    my ($self, @words) = @_;
    return "texts MATCH '" . join(' ', map {qq("$_")} @words) . q(') if !grep { length() < 3 } @words;
    return join ' AND ', map {    # an index of trigrams knows no shorter text
        my $word = $_;
        '(' . join(' OR ', map {"texts.$_ LIKE '%$word%'"} @texts) . ')'
    } @words;
}

sub rows {
    my ($self, $condition) = @_;
    return "SELECT music.* FROM texts JOIN music ON music.rowid = texts.rowid WHERE $condition ORDER BY texts.rowid LIMIT 100;";
}

1;
