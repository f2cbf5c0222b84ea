# sql/triggers.sql: edits that bypass the application are logged like its own writes, so that the list follows them
# within the check interval, in place, without a rebuild.

use v5.20;
use warnings;
use utf8;

use File::Spec;

use BookShare::Test;

my $stack = stack(rows => 1250, env => { BOOKSHARE_CHECK_MS => 500 });

sub load_triggers { $stack->mysql($stack->slurp($stack->shared_file('sql/triggers.sql'))) }

sub version { return ($stack->mysql('SELECT version FROM music_version'))[0][0] }

# The last changes of the log, oldest first: op, ID, actor, row before, row after.
sub logged {
    my ($count) = @_;
    return reverse $stack->mysql('SELECT op, book_id, actor, HEX(row_before), HEX(row_after) FROM music_changes'
            . " ORDER BY version DESC LIMIT $count");
}

sub bytes { return uc unpack 'H*', Encode::encode('UTF-8', $_[0]) }

sub generation { return $stack->redis('HGET', '{bookshare}:meta', 'generation') }

# Waits until both workers show the list as it should be, from Redis.
sub shown {
    my ($what, $code) = @_;
    return ok wait_for($what, 3, sub { !grep { !from_redis($_) || !$code->($_) } everywhere(sub { GET('/list') }) }), $what;
}

# The list in Redis is the table, and the same list as before.
sub followed {
    my ($generation) = @_;
    my ($status, $out) = cli('cache', 'verify');
    is "$status $out" =~ s/\s+\z//r, '0 differences: 0', 'the list is the table';
    return is generation(), $generation, 'and was not rebuilt';
}

sub first { my ($page) = @_; return (rows($page))[0] }

load_triggers();
# Built before anybody asks: workers that find no list would each see to one, at a time of their own.
my ($status, undef, $complaint) = cli('cache', 'warm');
die "the list was not built: $complaint" if $status != 0;
warm('/list');
my $built = generation();

topic 'an insert' => 6, sub {
    my $before = version();
    $stack->mysql(q{INSERT INTO music (book_id, title, available_from) VALUES ('!A', 'Past the application', '2024-02-29')});
    shown('the new book', sub { (first($_[0]))->[0] eq '!A' && message($_[0]) =~ /Length: 1251\./ });
    is version(), $before + 1;
    is_deeply [logged(1)],
        [['add', '!A', 'sql', '', bytes("!A\tPast the application\t\t\t\t\t2024-02-29")]];
    like +($stack->mysql('SELECT ABS(TIMESTAMPDIFF(SECOND, at, UTC_TIMESTAMP())) FROM music_changes ORDER BY version DESC LIMIT 1'))[0][0],
        qr/^\d$/, 'at this time';
    followed($built);
};

topic 'an update' => 5, sub {
    my $before = version();
    $stack->mysql(q{UPDATE music SET title = 'Another title' WHERE book_id = '!A'});
    shown('the new title', sub { (first($_[0]))->[1] eq 'Another title' });
    is version(), $before + 1;
    is_deeply [logged(1)], [['update', '!A', 'sql', bytes("!A\tPast the application\t\t\t\t\t2024-02-29"),
        bytes("!A\tAnother title\t\t\t\t\t2024-02-29")]];
    followed($built);
};

topic 'an update without changes makes no version; one of case or blanks does' => 6, sub {
    my $before = version();
    $stack->mysql(q{UPDATE music SET title = 'Another title' WHERE book_id = '!A'});
    is version(), $before;
    $stack->mysql(q{UPDATE music SET title = 'ANOTHER title' WHERE book_id = '!A'});
    $stack->mysql(q{UPDATE music SET title = 'ANOTHER title ' WHERE book_id = '!A'});
    is version(), $before + 2;
    is_deeply [map { $_->[0] } logged(2)], ['update', 'update'];
    shown('the new case', sub { (first($_[0]))->[1] =~ /^ANOTHER title/ });
    followed($built);
};

topic 'an update of the ID: a delete and an add' => 5, sub {
    my $before = version();
    $stack->mysql(q{UPDATE music SET book_id = '!B', title = 'Moved' WHERE book_id = '!A'});
    shown('the new ID', sub { (first($_[0]))->[0] eq '!B' && message($_[0]) =~ /Length: 1251\./ });
    is version(), $before + 2;
    is_deeply [map { [@$_[0, 1]] } logged(2)], [['delete', '!A'], ['add', '!B']];
    followed($built);
};

topic 'a delete' => 5, sub {
    my $before = version();
    $stack->mysql(q{DELETE FROM music WHERE book_id = '!B'});
    shown('the book gone', sub { (first($_[0]))->[0] ne '!B' && message($_[0]) =~ /Length: 1250\./ });
    is version(), $before + 1;
    is_deeply [logged(1)], [['delete', '!B', 'sql', bytes("!B\tMoved\t\t\t\t\t2024-02-29"), '']];
    followed($built);
};

# What values hold, and how it stands in a row.
my @values = (
    ['a backslash'        => 'a\\b\\\\c\\',         'a\\\\b\\\\\\\\c\\\\'],
    ['a tab'              => "a\tb\t",              'a\\tb\\t'],
    ['line ends'          => "a\nb\r\nc\r",         'a\\nb\\r\\nc\\r'],
    ['a NUL'              => "a\0b",                'a\\0b'],
    ['a backslash, then t' => "\\t\t\\\t\\n\n\\0\0", '\\\\t\\t\\\\\\t\\\\n\\n\\\\0\\0'],
    ['quotes'             => q{'"`''\\'},           q{'"`''\\\\'}],
    ['other controls'     => "a\x01\x1fb\x7f",      "a\x01\x1fb\x7f"],
    ['signs of all sizes' => 'Aaäßж書𝄞🎵ı',         'Aaäßж書𝄞🎵ı'],
    ['blanks around'      => '  a  ',               '  a  '],
    ['a full field'       => "\t" x 255,            '\\t' x 255],
);

topic 'values that need care' => 4 * @values + 2, sub {
    for my $turn (@values) {
        my ($name, $value, $row) = @$turn;
        my $x = "CONVERT(UNHEX('" . bytes($value) . "') USING utf8mb4)";
        $stack->mysql("INSERT INTO music (book_id, title, authors) VALUES ('!V', $x, $x)");
        is_deeply [logged(1)], [['add', '!V', 'sql', '', bytes("!V\t$row\t\t$row\t\t\t")]], "$name: added";
        $stack->mysql(q{UPDATE music SET authors = NULL WHERE book_id = '!V'});
        is_deeply [logged(1)],
            [['update', '!V', 'sql', bytes("!V\t$row\t\t$row\t\t\t"), bytes("!V\t$row\t\t\t\t\t")]], 'changed';
        shown('shown', sub { (first($_[0]))->[0] eq '!V' });
        $stack->mysql(q{DELETE FROM music WHERE book_id = '!V'});
        is_deeply [logged(1)], [['delete', '!V', 'sql', bytes("!V\t$row\t\t\t\t\t"), '']], 'deleted';
    }
    shown('all gone', sub { (first($_[0]))->[0] ne '!V' });
    is generation(), $built;
};

topic 'IDs that need care' => 6, sub {
    for my $id ("!\t\\", q{!'"}) {
        my $x = "CONVERT(UNHEX('" . bytes($id) . "') USING utf8mb4)";
        $stack->mysql("INSERT INTO music (book_id, title) VALUES ($x, 'An odd ID')");
        shown('shown', sub { (first($_[0]))->[1] eq 'An odd ID' });
        followed($built);
        $stack->mysql("DELETE FROM music WHERE book_id = $x");
    }
};

topic 'a row is what the application makes of it' => 3, sub {
    my %book = (book_id => '!C', title => q{It's \\ "quoted"}, authors => 'Ж, 書', available_from => '2020-01-02');
    add_book(%book);
    my ($web) = logged(1);
    is $web->[2], 'web';
    $stack->mysql(q{DELETE FROM music WHERE book_id = '!C'});
    my ($sql) = logged(1);
    is $sql->[2], 'sql';
    is $sql->[3], $web->[4], 'byte for byte';
};

topic 'many at once, in a transaction; what is rolled back leaves no trace' => 6, sub {
    my $before = version();
    $stack->mysql(q{BEGIN; UPDATE music SET title = 'Never'; ROLLBACK});
    is version(), $before;
    $stack->mysql(q{BEGIN; DELETE FROM music WHERE book_id <> '!X' ORDER BY book_id LIMIT 20;}
            . q{INSERT INTO music (book_id, title) VALUES ('!X', 'x'), ('!Y', 'y');}
            . q{REPLACE INTO music (book_id, title) VALUES ('!X', 'replaced');}
            . q{INSERT INTO music (book_id, title) VALUES ('!Y', '') ON DUPLICATE KEY UPDATE title = 'again'; COMMIT});
    is version(), $before + 20 + 2 + 2 + 1;
    shown('all of it', sub {
        my @rows = rows($_[0]);
        return "@{$rows[0]}[0, 1] @{$rows[1]}[0, 1]" eq '!X replaced !Y again' && message($_[0]) =~ /Length: 1232\./;
    });
    followed($built);
    is +($stack->mysql('SELECT books = (SELECT COUNT(*) FROM music) FROM music_version'))[0][0], 1, 'the count is right';
};

topic 'any sql_mode, of the session and of the one who loads the file' => 8, sub {
    for my $mode ('ANSI,NO_BACKSLASH_ESCAPES', 'TRADITIONAL,PIPES_AS_CONCAT', '', 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH') {
        $stack->mysql("SET sql_mode = '$mode';" . $stack->slurp($stack->shared_file('sql/triggers.sql')));
        $stack->mysql("SET sql_mode = '$mode', sql_safe_updates = 1; INSERT INTO music (book_id, title)"
                . " VALUES ('!M', CONVERT(UNHEX('" . bytes("\\a\tb") . q{') USING utf8mb4)); DELETE FROM music WHERE book_id = '!M'});
        is_deeply [map { "@$_[0, 1]" } logged(2)], ['add !M', 'delete !M'], "'$mode'";
        is +(logged(2))[0][4], bytes("!M\t\\\\a\\tb\t\t\t\t\t");
    }
    load_triggers();
};

topic q{the application's own writes are logged once} => 8, sub {
    my $before = version();
    add_book(book_id => '!W');
    is version(), $before + 1, 'added';
    POST('/update/!W', { title => 'Changed' });
    is version(), $before + 2, 'changed';
    POST('/delete/!W', {});
    is version(), $before + 3, 'deleted';
    is_deeply [map { "@$_[0, 1, 2]" } logged(3)], ['add !W web', 'update !W web', 'delete !W web'];
    is +($stack->mysql('SELECT books = (SELECT COUNT(*) FROM music) FROM music_version'))[0][0], 1, 'the count is right';
    my ($row) = $stack->mysql('SELECT COUNT(*), MAX(version) - MIN(version) + 1 FROM music_changes');
    is $row->[0], $row->[1], 'no gap in the log';
    followed($built);
};

topic 'the same session variable is for those who load in bulk' => 1, sub {
    my $before = version();
    $stack->mysql(q{SET @bookshare_writes = 1; UPDATE music SET title = 'x' WHERE book_id = '!X'});
    is version(), $before, 'no version';
    cli('cache', 'clear');
};

topic 'editors of the table need no privileges on the log' => 2, sub {
    my $database = $stack->database;
    my $before   = version();
    $stack->mysql("CREATE USER editor\@localhost IDENTIFIED BY 'sesame'; GRANT SELECT, UPDATE ON $database.music TO editor\@localhost");
    my ($status) = $stack->run_program('', ($stack->mysql_client)[0], '--no-defaults', '-S', $stack->socket('mysql'), '-u', 'editor', '-psesame', $database,
        '-e', q{UPDATE music SET title = 'By an editor' WHERE book_id = '!X'});
    is $status, 0;
    is version(), $before + 1;
};

run_topics;
