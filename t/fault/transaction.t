# A server aborts a transaction and reports it after the last row of a result, as a Galera cluster does, and another
# writer comes first. No statement runs outside the transaction: the whole write is retried with a new version. With the
# guard `transaction`, and without.

use v5.20;
use warnings;
use utf8;

use BookShare::Guards;
use BookShare::Test;
use BookShare::UnreliableMySQL;

my $stack = guarded_stack(rows => 250, pool => 'plain', workers => 1);
my ($first, $other) = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 2');
my $turn = 0;

# What another writer does as soon as the lock is gone: one version.
sub write_elsewhere {
    $stack->mysql('BEGIN; UPDATE music_version SET version = version + 1, token = FLOOR(1 + RAND() * 1000000000);'
            . 'INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after)'
            . " SELECT version, 'update', '$other', 'web', UTC_TIMESTAMP(3), token, '$other', '$other' FROM music_version; COMMIT");
    return;
}

my $proxy    = BookShare::UnreliableMySQL->new(stack => $stack, meanwhile => \&write_elsewhere);
my $defaults = $proxy->defaults;

sub start {
    my ($off) = @_;
    $stack->stop_pool;
    $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_MYSQL_DEFAULTS => $defaults, BOOKSHARE_GUARDS_OFF => $off // '' };
    $stack->start_pool;
    return;
}

sub number { my ($row) = $stack->mysql($_[0]); return $row && $row->[0] }

# What is in the table and the log of one book: its title; those of its changes after a version.
sub state_of {
    my ($id, $version) = @_;
    return (number("SELECT title FROM music WHERE book_id = '$id'"),
        map { join ' ', @$_ } $stack->mysql("SELECT version - $version, op FROM music_changes WHERE book_id = '$id' AND version > $version ORDER BY version"));
}

my %writes = (
    'behind the version' => [qr/FROM music_version FOR UPDATE/, 'update', sub { POST("/update/$_[0]", { title => $_[1] })->{status} }],
    'behind the book that is updated' =>
        [qr/FROM music WHERE book_id = . FOR UPDATE/, 'update', sub { POST("/update/$_[0]", { title => $_[1] })->{status} }],
    'behind the book that is deleted' => [qr/FROM music WHERE book_id = . FOR UPDATE/, 'delete', sub { POST("/delete/$_[0]", {})->{status} }],
);

sub scenario {
    my ($off, $match, $op, $write) = @_;
    my $id = '!T' . ++$turn;
    start($off);
    add_book(book_id => $id, title => 'Before');
    my $version = number('SELECT version FROM music_version');
    $proxy->abort($match);
    my $status = $write->($id, 'After');
    is $proxy->told, 1, 'the transaction was aborted';
    my ($title, @log) = state_of($id, $version);
    if (!$off) {
        is $status, 303, 'the write is made';
        is_deeply [$title, @log], [$op eq 'delete' ? undef : 'After', "2 $op"], 'once, after the other one';
        is number('SELECT version FROM music_version'), $version + 2, 'each has its version';
    } else {
        isnt $status, 303, 'the write fails';
        is_deeply [$title, @log], [$op eq 'delete' ? undef : 'After'], 'the book is changed all the same';
        is number('SELECT version FROM music_version'), $version + 1, 'and no version tells of it';
    }
    return;
}

for my $where (sort keys %writes) {
    my @write = @{ $writes{$where} };
    guard transaction => $where => 4, sub { scenario($_[0], @write) };
}

# Of these all rows are wanted, so that their end is met with or without the guard.
topic 'behind the books of a batch' => 4, sub {
    scenario(undef, qr/FROM music WHERE book_id IN .*FOR UPDATE/, 'update', sub {
        my $file = $stack->dir . '/import.csv';
        open my $books, '>', $file or die $!;
        print {$books} "book_id,title,category,authors,publisher,edition,available_from\n$_[0],$_[1],,,,,\n";
        close $books;
        my ($status, undef, $err) = cli('import', '--on-duplicate', 'replace', $file);
        return $status == 0 ? 303 : $err;
    });
};

run_topics;
