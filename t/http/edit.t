# Edits of many books: by the command, in the history, undone, cut off half-way, two at once.

use v5.20;
use warnings;
use utf8;

use Digest::MD5 qw(md5_hex);
use Encode qw(encode_utf8);

use BookShare::Test;

my $stack = stack(rows => 1500, workers => 1);
warm('/list');
warm_index();

sub edit { my ($status, $out, $err) = cli('edit', @_); return wantarray ? ($status, $out, $err) : $status == 0 ? $out : "$status $err" }
sub table { return md5_hex(encode_utf8(join "\n", map { join '|', map { $_ // '' } @$_ } $stack->mysql('SELECT * FROM music ORDER BY book_id'))) }
sub count { my ($where) = @_; return ($stack->mysql("SELECT COUNT(*) FROM music WHERE $where"))[0][0] }
sub found { my ($search) = @_; return header(GET('/api/books?per_page=1&search=' . escaped($search)), 'X-Total-Count') }
sub latest { return ($stack->mysql('SELECT MAX(edit) FROM music_edits'))[0][0] // 0 }
sub is_whole { is +(cli('cache', 'verify'))[1], "differences: 0\n", 'the list in Redis is the table'; return }

my $first = table();

topic 'wrong usage changes nothing' => 18, sub {
    my @one = ('--search', 'a');
    for my $words (
        [], ['--delete'], [@one], [@one, '--delete', '--clear', 'edition'], [@one, '--set', 'edition'], [@one, '--set', 'nope=x'],
        [@one, '--set', 'book_id=x'], [@one, '--clear', 'title'], [@one, '--set', 'available_from=soon'], [@one, '--replace', 'title', 'x'],
        [@one, '--replace', 'title', '', 'x'], [@one, '--replace', 'available_from', '1', '2'], [@one, '--set', 'edition=' . 'x' x 51],
        ['--search', ' ', '--delete'], [@one, '--id', 'X', '--delete'], [@one, '--undo', 1], ['--undo', 0],
        )
    {
        is +(edit('--yes', @$words))[0], 2, "[@$words]";
    }
    is table(), $first;
};

topic 'a trial, and an edit without an answer, change nothing' => 5, sub {
    my $found = count('1');
    like scalar edit('--all', '--set', 'edition=Trial', '--dry-run'), qr/^Edition set to “Trial”: $found books found, $found to change, 0 unchanged\n(?:  .+: “.*” -> “Trial”\n){10}  \.\.\. and 1,?490 more\n$/;
    my ($status, undef, $said) = edit('--all', '--delete');
    is $status, 1;
    like $said, qr/use --yes/;
    is table(), $first;
    is latest(), 0;
};

topic 'a field of all books, and back' => 9, sub {
    like scalar edit('--all', '--set', 'Edition=Bulk', '--yes'), qr/^edit 1: changed 1500 of 1500, skipped 0/m;
    is count(q{edition = 'Bulk'}), 1500;
    is_whole();
    is found('edition:bulk'), 1500, 'the index has it';
    like scalar edit('--all', '--set', 'edition=Bulk', '--yes'), qr/1500 books found, 0 to change, 1500 unchanged/, 'a second time changes nothing';
    is latest(), 1;
    like scalar edit('--undo', 1, '--yes'), qr/^edit 2: changed 1500 of 1500, skipped 0/m;
    is table(), $first;
    is_whole();
};

topic 'the undo of an undo' => 3, sub {
    like scalar edit('--undo', 2, '--yes'), qr/changed 1500 of 1500/;
    is count(q{edition = 'Bulk'}), 1500;
    edit('--undo', latest(), '--yes');
    is table(), $first;
};

topic 'a thousand books are deleted, and there again' => 9, sub {
    my $search = 'title:e';
    my $listed = found($search);
    cmp_ok $listed, '>', 1000;
    my $deleted = edit('--search', $search, '--delete', '--yes');
    like $deleted, qr/changed $listed of $listed, skipped 0/;
    is count('1'), 1500 - $listed;
    is_whole();
    is +($stack->mysql('SELECT books FROM music_version'))[0][0], 1500 - $listed, 'counted';
    edit('--undo', latest(), '--yes');
    is table(), $first, 'the table is as before';
    is_whole();
    is found($search), $listed, 'and the index';
    is +($stack->mysql('SELECT books FROM music_version'))[0][0], 1500;
};

topic 'a text is replaced wherever it occurs' => 4, sub {
    add_book(book_id => '!R', title => 'a-b-a.b', authors => 'A a');
    like scalar edit('--id', '!R', '--replace', 'title', 'a', 'ää', '--yes'), qr/^  !R: “a-b-a\.b” -> “ää-b-ää\.b”$/m;
    is stored('!R')->[1], 'ää-b-ää.b';
    is scalar(edit('--id', '!R', '--replace', 'authors', 'A ', '', '--yes')) =~ /changed 1 of 1/, 1;
    is stored('!R')->[3], 'a';
};

topic 'if a book would not be valid, nothing is changed' => 4, sub {
    my $before = table();
    my ($status, $out, $said) = edit('--all', '--replace', 'title', 'e', 'e' x 250, '--yes');
    is $status, 1;
    like $out, qr/^  .+: Title: At most 255 characters are allowed; this has \d+\.$/m, 'the first of them are named';
    like $said, qr/nothing was changed: \d+ books would not be valid/;
    is table(), $before;
};

topic 'books that were changed since stay' => 5, sub {
    add_book(book_id => "!S$_", title => "Since $_") for 1 .. 4;
    like scalar edit('--search', 'id:!S', '--set', 'category=Since', '--yes'), qr/changed 4 of 4/;
    my $edit = latest();
    POST('/update/!S1', { title => 'Changed', category => 'Since' });
    POST('/delete/!S2', {});
    like scalar edit('--undo', $edit, '--yes'), qr/changed 2 of 4, skipped 2/;
    is_deeply [map { $_->[2] } $stack->mysql(q{SELECT book_id, title, category FROM music WHERE book_id LIKE '!S_' ORDER BY 1})], ['Since', undef, undef];
    is_whole();
    edit('--search', 'id:!S', '--delete', '--yes');
    is count(q{book_id LIKE '!S_'}), 0;
};

run_topics;
