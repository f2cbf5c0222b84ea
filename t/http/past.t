# Books that bypassed the application: control characters, zero and partial dates, invalid UTF-8, long values. Every
# page shows them; they can be found, exported and edited.

use v5.20;
use warnings;
use utf8;

use JSON::PP ();

use BookShare::Test;

my $stack = stack(rows => 120);
my %title = (Z0 => 'Zero date', Z3 => "One\x{FFFD}two three");

$stack->mysql(<<'END');
SET sql_mode = 'ALLOW_INVALID_DATES';
INSERT INTO music (book_id, title, authors, available_from) VALUES
    ('Z0', 'Zero date', NULL, '0000-00-00'), ('Z1', 'Year only', NULL, '1999-00-00'),
    ('Z2', 'No such day', NULL, '2001-02-31'),
    ('Z3', CONCAT('One', CHAR(1 USING utf8mb4), 'two', CHAR(10 USING utf8mb4), 'three'), CONCAT('a', CHAR(0 USING utf8mb4), 'b'), NULL),
    ('Z4', 'Fine', CONCAT('x', CHAR(127 USING utf8mb4)), NULL), (CONCAT('Z5', CHAR(2 USING utf8mb4)), 'Bad ID', NULL, NULL);
END
cli('cache', 'clear');

sub past { $stack->mysql("SET sql_mode = ''; $_[0]"); return cli('cache', 'clear') }
sub book { return GET('/api/books/' . escaped($_[0])) }
sub six_times { my ($path) = @_; return join ' ', map { GET($path)->{status} } 1 .. 6 }

my @paths = (
    '/list?page=2', '/list?page=2&sort=title', '/list?search=zero', '/list?search=two+three', '/list?search=bad',
    '/list?from=1000-01-01&until=2030-01-01&search=Z1', '/list?filters=open&search=fine', '/api/books?search=z0',
    '/api/books?limit=1000', '/api/books/datatable?length=100&start=100',
);

topic 'pages show them, from MySQL, Redis and the index' => 4 + @paths, sub {
    is six_times($_), '200 200 200 200 200 200', $_ for @paths;
    my %seen = map { $_->[0] => $_ } rows(warm('/list?page=2'));
    is $seen{$_}[1], $title{$_}, $_ for sort keys %title;
    is $seen{Z0}[6] // '', $seen{Z4}[6] // '', 'a zero date is no date';
    is $seen{Z2}[6] // '', $seen{Z4}[6] // '', 'nor is one that no calendar has';
};

topic 'a search finds what is shown' => 3, sub {

    wait_for('the index', 20, sub { from_index(GET('/list?search=zq')) });
    is join(' ', map { $_->[0] } rows(GET('/list?search=two+three'))), 'Z3';
    is join(' ', map { $_->[0] } rows(GET('/list?search=%22Year+only%22'))), 'Z1';
    is join(' ', map { $_->[0] } rows(GET('/list?search=%22Year+only%22&until=2030-01-01'))), '', 'in no range of days';
};

topic 'what the API gives can be put again; other fields can be changed' => 15, sub {
    for my $id (qw(Z0 Z1 Z2 Z3 Z4)) {
        my $got = book($id);
        is $got->{status}, 200, $id;
        my $put = request('PUT', "/api/books/$id", $got->{content},
            'content-type' => 'application/json', 'if-match' => header($got, 'ETag'));
        like $put->{status}, qr/^20[04]$/, 'PUT' or diag $put->{html};
        my $patch = request('PATCH', "/api/books/$id", '{"edition":"2"}', 'content-type' => 'application/merge-patch+json');
        like $patch->{status}, qr/^20[04]$/, 'PATCH' or diag $patch->{html};
    }
};

topic 'forms show and take them' => 4, sub {
    past(q{UPDATE music SET available_from = '1999-00-00', title = CONCAT('Q', CHAR(9)) WHERE book_id IN ('Z1', 'Z3')});
    for my $id ('Z1', 'Z3') {
        is GET("/update/$id")->{status}, 200;
        is POST("/update/$id", { title => 'Another' })->{status}, 303;
    }
};

topic 'the export can be imported' => 6, sub {
    past(q{DELETE FROM music WHERE title = 'Bad ID'});
    for my $format (qw(csv tsv ndjson)) {
        past(q{UPDATE music SET available_from = '0000-00-00', title = CONCAT('Q', CHAR(10), 'R') WHERE book_id = 'Z2'});
        my ($status, $out, $errors) = cli('export', '--format', $format);
        is $status, 0, $format or diag $errors;
        my $file = $stack->dir . "/export.$format";
        open my $to, '>:utf8', $file or die $!;
        print {$to} $out;
        close $to;
        ($status, $out, $errors) = cli('import', '--on-duplicate', 'replace', $file);
        is $status, 0, 'and back' or diag "$out$errors";
    }
};

topic 'bookshare check reports it' => 3, sub {
    past(q{UPDATE music SET available_from = '1999-00-00' WHERE book_id IN ('Z0', 'Z1')});
    past(q{UPDATE music SET title = CONCAT('Q', CHAR(1 USING utf8mb4)) WHERE book_id = 'Z4'});
    my ($status, $out) = cli('check');
    is $status, 0;
    like $out, qr/^  available_from of 3 books: .*Z0/m;
    like $out, qr/^  title of 2 books: .*Z2/m;
};

run_topics;
