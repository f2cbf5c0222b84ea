# What a server makes of bookshare-generate's output: both formats give the same books, character by character.

use v5.20;
use warnings;
use utf8;

use Encode qw(decode);

use BookShare::Test;

my $rows  = 5000;
my $stack = stack(start => 0);
$stack->start_mysql;

sub generate {
    my ($status, $out, $err) = $stack->run_program('', $stack->program('bookshare-generate'), @_);
    die "bookshare-generate @_: $err" if $status != 0;
    return $out;
}

# Does what `mysql < FILE` does; returns the exit status.
sub import_sql {
    my ($sql) = @_;
    my ($status, undef, $err) = $stack->run_program($sql, $stack->mysql_client);
    note for $err =~ /^ERROR.*/mg;
    return $status >> 8;
}

sub stored_books {
    return $stack->mysql(q{SELECT * FROM music ORDER BY CAST(SUBSTRING_INDEX(book_id, '-', -1) AS UNSIGNED)});
}

my $sql   = generate('--rows', $rows);
my $tsv   = generate('--rows', $rows, '--format', 'tsv');
my @books = map {
    [map { $_ eq '\N' ? undef : s/\\\\/\\/gr } split /\t/, $_, -1]
} split /\n/, decode('UTF-8', $tsv);

topic 'the SQL file makes database and table' => 6, sub {
    $stack->mysql('DROP DATABASE music_share');
    is import_sql($sql), 0, 'is imported';
    is_deeply [stored_books()], \@books, 'and the rows are those of the other format';
    for my $sign ('\\', "'", '"', 'é') {
        ok scalar(grep { $_->[1] =~ /\Q$sign/ } @books), "among them titles with $sign";
    }
};

topic 'a second import gives the same again' => 2, sub {
    $stack->mysql(q{INSERT INTO music (book_id, title) VALUES ('mine', 'mine')});
    is import_sql($sql), 0, 'is imported';
    is_deeply [stored_books()], \@books, 'a book that was added is gone';
};

topic 'the settings of the server do not matter' => 2, sub {
    $stack->mysql(q{SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES', GLOBAL character_set_server = 'latin1'});
    my $status = import_sql($sql);
    $stack->mysql('SET GLOBAL sql_mode = DEFAULT, GLOBAL character_set_server = DEFAULT');
    is $status, 0, 'is imported';
    is_deeply [stored_books()], \@books, 'and right';
};

topic 'LOAD DATA reads the other format' => 3, sub {
    my $path = $stack->dir . '/tmp/books.tsv';
    open my $file, '>:raw', $path or die "$path: $!";
    print {$file} $tsv;
    close $file or die $!;
    my ($status, undef, $err) = $stack->run_program(
        "TRUNCATE music; LOAD DATA LOCAL INFILE '$path' INTO TABLE music CHARACTER SET utf8mb4; SHOW WARNINGS;",
        $stack->mysql_client, 'music_share');
    is $status, 0, 'is loaded';
    is $err,    '', 'without output';
    is_deeply [stored_books()], \@books, 'and the rows are the same';
};

topic 'an import that breaks off leaves no half of the books' => 3, sub {
    my @inserts = $sql =~ /^INSERT/mg;
    cmp_ok scalar @inserts, '>', 1, 'there is more than one statement';
    isnt import_sql(substr $sql, 0, length($sql) - 10_000), 0, 'a file that is cut short is an error';
    is_deeply [stored_books()], [], 'and the table is empty';
};

topic 'no rows' => 2, sub {
    is import_sql(generate('--rows', 0)), 0, 'is imported';
    is_deeply [stored_books()], [], 'an empty table';
};

run_topics;
