# Exports: the content and completeness of downloads and of `bookshare export`. Failures: t/fault/export.t.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use Encode qw(encode);
use File::Temp;
use IO::Socket::INET;
use JSON::PP ();

my $stack = stack(rows => 12_000, workers => 2);
my $folder = File::Temp->newdir;
my @names = qw(book_id title category authors publisher edition available_from);
add_book(book_id => '!A', title => 'Commas, "quotes"', authors => "=1+1", publisher => 'Ünï, Ltd', edition => '-2');
add_book(book_id => '!B', title => "'=a", category => 'Only here', available_from => '2020-02-29');

# The records of a CSV text, by the rules of RFC 4180.
sub records {
    my ($text) = @_;
    my (@records, @fields);
    while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g) {
        my ($quoted, $plain, $end) = ($1, $2, $3);
        push @fields, defined $quoted ? $quoted =~ s/""/"/gr : $plain;
        next if $end eq ',';
        push @records, [@fields];
        @fields = ();
    }
    die "this is not CSV\n" if @fields || ($text ne '' && $text !~ /\r\n\z/);
    return @records;
}

# The whole table, by rows; '' for NULL.
sub table {
    my ($rest) = (@_, 'ORDER BY book_id');
    return map { join "\t", map { $_ // '' } @$_ } $stack->mysql("SELECT @{[join ', ', @names]} FROM music $rest");
}

# The same of CSV and of NDJSON, as bytes.
sub csv_rows { my (undef, @rows) = records(@_); return map { join "\t", @$_ } @rows }

sub ndjson_rows {
    my $codec = JSON::PP->new->utf8;
    return map { my $book = $codec->decode($_); encode('UTF-8', join "\t", map { $_ // '' } @$book{@names}) }
        split /\n/, $_[0];
}

sub same {
    my ($got, $expected, $name) = @_;
    is scalar @$got, scalar @$expected, "$name: as many";
    my ($first) = grep { ($got->[$_] // '') ne ($expected->[$_] // '') } 0 .. $#$expected;
    is defined $first ? $got->[$first] : '', defined $first ? $expected->[$first] : '', "$name: the same";
}

sub bytes_of_table { return map { encode('UTF-8', $_) } table(@_) }

topic 'all books as CSV' => 12, sub {
    my $answer = GET('/export.csv?raw=1');
    is $answer->{status}, 200;
    like header($answer, 'Content-Type'), qr{^text/csv; charset=utf-8}, 'its type';
    like header($answer, 'Content-Disposition'), qr/^attachment; filename="books-\d{4}-\d\d-\d\d\.csv"$/, 'its name';
    is header($answer, 'X-Total-Count'), 12_002, 'how many there are';
    like header($answer, 'Bookshare-Version'), qr/^\d+-\d+-[0-9a-f]{15}$/, 'of which state';
    is +(split /\r\n/, $answer->{content})[0], join(',', @names), 'the line of names';
    same([csv_rows($answer->{content})], [bytes_of_table()], 'the rows');
    my $head = HEAD('/export.csv');
    is $head->{status} . ($head->{content} // ''), 200, 'HEAD';
    is header($head, 'X-Total-Count'), 12_002, 'tells how many there are';
    is header($head, 'Content-Length'), '', 'but not how many bytes';
    like header(HEAD('/export.ndjson'), 'Content-Disposition'), qr/\.ndjson"$/, 'HEAD of NDJSON';
};

topic 'formulas' => 4, sub {
    my @guarded = records(GET('/export.csv?per_page=1')->{content});
    is join('|', @{ $guarded[1] }[0, 1, 3, 5]), q(!A|Commas, "quotes"|'=1+1|'-2), 'get an apostrophe before them';
    is $guarded[2][1], "''=a", 'so does what looks like a guarded one';
    my @raw = records(GET('/export.csv?raw=1')->{content});
    is join('|', @{ $raw[1] }[3, 5]), '=1+1|-2', 'but not with raw=1';
    like GET('/export.csv?bom=1&search=nothing-like-this')->{content}, qr/^\xef\xbb\xbfbook_id,/, 'bom=1';
};

topic 'all books as NDJSON' => 4, sub {
    my $answer = GET('/export.ndjson');
    is header($answer, 'Content-Type'), 'application/x-ndjson';
    is header($answer, 'X-Total-Count'), 12_002;
    same([ndjson_rows($answer->{content})], [bytes_of_table()], 'the rows');
};

topic 'what a search finds, in its order, without pages' => 11, sub {
    is join('|', csv_rows(GET('/export.csv?search="quotes"&page=9&per_page=3')->{content})) =~ /^!A\t/, 1, 'a search';
    is +(csv_rows(GET('/export.csv?category=Only+here')->{content}))[0] =~ s/\t.*//r, '!B', 'a choice';
    same([csv_rows(GET('/export.csv?sort=-available_from&from=2020-01-01&until=2020-12-31&raw=1')->{content})],
        [bytes_of_table("WHERE available_from BETWEEN '2020-01-01' AND '2020-12-31' ORDER BY available_from DESC, book_id DESC")],
        'days, backwards');
    my $none = GET('/export.csv?search=nothing-like-this');
    is $none->{content}, join(',', @names) . "\r\n", 'nothing found';
    is header($none, 'X-Total-Count'), 0;
    is GET("/export.csv?$_")->{status}, 400, $_ for 'sort=colour', 'raw=true', 'bom=2', 'from=2001-01-01&from=2001-01-01', 'bom=1&bom=1';
};

topic 'a client that goes away' => 2, sub {
    my @before = workers();
    for (1 .. 6) {
        my ($host, $port) = $stack->url('/') =~ m{^http://([^:/]+):(\d+)/};
        my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die "connect: $!";
        print {$socket} "GET /export.csv HTTP/1.1\r\nHost: localhost\r\n\r\n";
        $socket->flush;
        sysread $socket, my $some, 1000;
        close $socket;
    }
    is GET('/list')->{status}, 200, 'leaves the workers to others';
    is "@{[workers()]}", "@before", 'and alive';
};

sub slurp { open my $in, '<:raw', $_[0] or return; local $/; return readline $in }

topic 'bookshare export' => 15, sub {
    my $file = "$folder/books";
    my ($status, $out, $err) = cli('export', '--raw', "$file.csv");
    is "$status$out$err", '0', 'CSV';
    same([csv_rows(slurp("$file.csv"))], [bytes_of_table()], 'CSV');
    cli('export', "$file.guarded.csv");
    like +(cli('import', '--on-duplicate=error', "$file.guarded.csv"))[1], qr/^added 0, replaced 0, unchanged 12002, /, 'and back again';
    ($status) = cli('export', '--format', 'ndjson', "$file.ndjson");
    same([ndjson_rows(slurp("$file.ndjson"))], [bytes_of_table()], 'NDJSON');
    ($status) = cli('export', '--format=tsv', "$file.tsv");
    $stack->mysql('CREATE TABLE other LIKE music');
    my $loaded = join '', map { "$_\n" } map { join "\t", @$_ }
        $stack->mysql("LOAD DATA LOCAL INFILE '$file.tsv' INTO TABLE other CHARACTER SET utf8mb4");
    is +($stack->mysql('SELECT COUNT(*) FROM other'))[0][0], 12_002, 'TSV, loaded';
    is +($stack->mysql('SELECT COUNT(*) FROM music NATURAL LEFT JOIN (SELECT book_id FROM other) o'))[0][0], 12_002;
    my $differing = join ' OR ', map {"NOT (a.$_ <=> b.$_)"} @names;
    is +($stack->mysql("SELECT COUNT(*) FROM music a JOIN other b ON a.book_id = b.book_id WHERE $differing"))[0][0], 0,
        'is the same table';
    ($status, $out) = cli('export', '--search', 'title:commas', '--format', 'ndjson', '-');
    is scalar(split /\n/, $out), 1, 'a search, to the standard output';
    ($status, $out) = cli('export', '--sort', '-title', '--category', 'Only here');
    is $status, 0, 'an order, a choice';
    my (undef, $any) = cli('export', '--category', 'Only here', '--category', 'Nowhere');
    is $any, $out, 'or any of several';
    ($status, undef, $err) = cli('export', '--sort', 'colour');
    is $status, 2, 'wrong words';
    is join(' ', sort map { s{.*/}{}r } glob "$folder/*"), 'books.csv books.guarded.csv books.ndjson books.tsv', 'nothing else is there';
    is +(stat "$file.csv")[2] & 0777, 0666 & ~umask, 'with the rights of any new file';
};

topic 'bookshare export that fails leaves no file' => 6, sub {
    my ($status, undef, $err) = cli('export', "$folder/no/such/folder");
    is $status, 1, 'no such folder';
    like $err, qr/\Q$folder\E/, 'which it says';
    my $old = slurp("$folder/books.csv");
    $stack->kill('mysql', 'KILL');
    ($status, undef, $err) = cli('export', "$folder/books.csv");
    is $status, 1, 'no MySQL';
    like $err, qr/MySQL/, 'which it says';
    ok slurp("$folder/books.csv") eq $old, 'the old file is as it was';
    is join(' ', grep { !/\.(csv|ndjson|tsv)$/ } glob "$folder/*"), '', 'and nothing is left';
    $stack->start_mysql;
};

run_topics;
