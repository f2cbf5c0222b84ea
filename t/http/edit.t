# Edits of many books: by the command, in the history, undone, cut off half-way, two at once.

use v5.20;
use warnings;
use utf8;

use Digest::MD5 qw(md5_hex);
use Encode qw(encode_utf8);
use POSIX ();

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

# Holds a book in the middle of the table, so that an edit of all books stops there, half-way. Returns the code that lets
# it go.
sub hold {
    my $id = ($stack->mysql(q{SELECT book_id FROM music WHERE BINARY title LIKE '%e%' AND category IS NOT NULL ORDER BY book_id LIMIT 1 OFFSET 700}))[0][0];
    $id =~ s/'/''/g;
    return session("BEGIN; SELECT * FROM music WHERE book_id = '$id' FOR UPDATE");
}

# Starts an edit of all books; returns its process and its number once it is held half-way.
sub begin {
    my (@words) = @_;
    my $last = latest();
    my $pid  = fork // die "fork: $!";
    if (!$pid) {
        local %ENV = (%ENV, $stack->env);
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        no warnings 'exec';
        exec $stack->program('bookshare'), 'edit', '--all', @words, '--yes';
        POSIX::_exit(127);
    }
    wait_for('two slices', 20, sub { ($stack->mysql("SELECT COUNT(*) FROM music_edits WHERE edit > $last AND done >= 500"))[0][0] });
    return ($pid, latest());
}

# Starts an edit and kills it half-way; returns what its row says then.
sub kill_half_way {
    my $let_go = hold();
    my ($pid, $edit) = begin(@_);
    kill 'KILL', $pid;
    waitpid $pid, 0;
    $let_go->();
    $stack->mysql('SELECT version FROM music_version FOR UPDATE');    # once the server is done with what it left
    return ($stack->mysql("SELECT edit, done, planned, state FROM music_edits WHERE edit = $edit"))[0];
}

# As if the process had been silent for long.
sub be_silent { $stack->mysql('UPDATE music_edits SET beat_at = beat_at - INTERVAL 1 MINUTE'); return }

topic 'killed half-way: it goes on from there' => 8, sub {
    my $before = table();
    my ($edit, $done, $planned, $state) = @{ kill_half_way('--replace', 'title', 'e', 'ee') };
    my $longer = sub { ($stack->mysql(q{SELECT SUM(row_after <> row_before) FROM music_changes WHERE edit = } . $edit))[0][0] };
    cmp_ok $done, '<', $planned;
    is $longer->(), $done, 'its row says what was done';
    is +(edit('--continue', $edit, '--yes'))[0], 1, 'it may still be running';
    be_silent();
    my $rest = $planned - $done;
    like scalar edit('--continue', $edit, '--yes'), qr/^edit $edit: changed $planned of $planned, skipped 0/m;
    is $longer->(), $planned, 'no book twice';
    is_whole();
    edit('--undo', $edit, '--yes');
    is table(), $before, 'and its undo takes back both parts';
    is +(edit('--continue', $edit, '--yes'))[0], 1, 'it is done';
};

topic 'killed half-way: what was done is undone' => 4, sub {
    my $before = table();
    my ($edit, $done, $planned) = @{ kill_half_way('--clear', 'category') };
    be_silent();
    like scalar edit('--undo', $edit, '--yes'), qr/changed $done of $done, skipped 0/;
    is table(), $before;
    is_whole();
    is +($stack->mysql("SELECT state FROM music_edits WHERE edit = $edit"))[0][0], 'stopped';
};

topic 'a process whose edit was taken over writes no more' => 3, sub {
    my $let_go = hold();
    my ($pid, $edit) = begin('--set', 'edition=Taken over');
    $stack->mysql("UPDATE music_edits SET runner = 1 WHERE edit = $edit");
    $let_go->();
    waitpid $pid, 0;
    is $? >> 8, 1, 'it fails';
    my ($row) = $stack->mysql("SELECT done, state FROM music_edits WHERE edit = $edit");
    is "$row->[1] $row->[0]", 'running ' . count(q{edition = 'Taken over'}), 'and leaves the row alone';
    cmp_ok $row->[0], '<', 1500;
};

topic 'two edits at once: each book is changed by one or by both, and none is lost' => 3, sub {
    my @done = map {
        my @words = @$_;
        behind(sub { (edit(@words, '--yes'))[1] =~ /changed (\d+) of \d+, skipped (\d+)/ ? "$1 $2" : 'failed' })
    } (['--all', '--set', 'edition=One'], ['--all', '--set', 'publisher=Two']);
    my ($one, $two) = map { [split / /, $_->()] } @done;
    is count(q{edition = 'One'}), $one->[0];
    is count(q{publisher = 'Two'}), $two->[0];
    is_whole();
};

topic 'in the history it is one entry' => 7, sub {
    my ($status) = edit('--id', '!R', '--set', 'category=A & B', '--yes');
    is $status, 0;
    my $page = GET('/changes');
    my ($entry) = map { visible($_) } $page->{html} =~ m{<li>(.*?)</li>}s;
    like $entry, qr/^Category set to “A & B” 1 book · [-\d: ]+ \(UTC\) by edit$/;
    is scalar(grep {m{^/edits/}} hrefs($page)), latest() > 50 ? 50 : ($stack->mysql('SELECT COUNT(*) FROM music_edits WHERE done > 0'))[0][0], 'others, too';
    like visible(GET('/changes?edit=' . latest())), qr/A & B/, 'its changes';
    like GET('/changes.atom')->{html}, qr{<title>Category set to “A &amp; B”: 1 book</title>};
    like GET('/api/changes?per_page=1')->{body} // GET('/api/changes?per_page=1')->{content}, qr/"book_id":null,.*"edit":\{"number":\d+,"what":"Category set to .*","books":1\}/;
    like visible(GET('/books/' . escaped('!R') . '/history')), qr/with others/;
};

run_topics;
