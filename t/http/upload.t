# The page to upload a file of books: what it says of the file, what it changes, and what it does not take.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);

use BookShare::Test;

my $stack = stack(rows => 250, workers => 2);

# A body of type multipart/form-data: pairs of name and value; a value [name, text] is a file.
sub upload {
    my ($fields, %headers) = @_;
    my ($body, @pairs) = ('', @$fields);
    while (my ($name, $value) = splice @pairs, 0, 2) {
        my ($file, $text) = ref $value ? @$value : (undef, $value);
        $body .= qq{--x-Y-z\r\nContent-Disposition: form-data; name="$name"};
        $body .= qq{; filename="} . encode('UTF-8', $file) . qq{"\r\nContent-Type: application/octet-stream} if defined $file;
        $body .= "\r\n\r\n" . encode('UTF-8', $text) . "\r\n";
    }
    return request('POST', '/import', "$body--x-Y-z--\r\n", 'content-type' => 'multipart/form-data; boundary=x-Y-z', %headers);
}

# The counts of a result: added, replaced, unchanged, skipped, bad.
sub counts {
    my ($page) = @_;
    my ($list) = $page->{html} =~ m{<dl class="book counts">(.*?)</dl>}s or return '';
    return join ' ', $list =~ m{<dd>([\d,]+)</dd>}g;
}

sub version { return ($stack->mysql('SELECT version FROM music_version'))[0][0] }

my $csv = "ID,Title,Authors\n!U1,Ünö,A\n!U2,Two,B\n";

topic 'the page' => 6, sub {
    my $page = GET('/import');
    is $page->{status}, 200;
    is header($page, 'Cache-Control'), 'no-store';
    my ($form) = having($page, action => '/import');
    is $form->{enctype}, 'multipart/form-data';
    is_deeply [map { $_->{value} } grep { exists $_->{checked} } map { $_->[1] } tags($page)], ['check', 'skip'],
        'checks only, unless told otherwise';
    ok +(grep { $_ eq '/import' } hrefs(GET('/add'))), 'the form to add a book leads here';
    is HEAD('/import')->{status}, 200;
};

topic 'checked first, and then imported' => 13, sub {
    my $before = version();
    my $page = upload([mode => 'check', duplicates => 'skip', file => ['bücher.csv', $csv]]);
    is $page->{status}, 200;
    is counts($page), '2 0 0 0 0';
    shows $page, qr/What would be done with bücher\.csv .*Nothing was changed yet/;
    is version(), $before, 'nothing is changed';
    is_deeply [map { $_->{value} } grep { exists $_->{checked} } map { $_->[1] } tags($page)], ['import', 'skip'], 'the next step is to import it';
    warm('/list');
    $page = upload([mode => 'import', duplicates => 'skip', file => ['bücher.csv', $csv]]);
    is $page->{status}, 200;
    is counts($page), '2 0 0 0 0';
    shows $page, qr/What was done with bücher\.csv The file was imported/;
    is version(), $before + 1, 'one version';
    is +(rows(GET('/list')))[0][1], 'Ünö', 'the next page has the books';
    is counts(upload([mode => 'import', file => ['a.csv', $csv]])), '0 0 2 0 0', 'once more: they are there';
    is version(), $before + 1;
    my ($status, $out) = cli('cache', 'verify');
    is $status, 0, 'the list is the table';
};

topic 'skip and replace' => 5, sub {
    my $all = "book_id,title,category,authors,publisher,edition,available_from\n!U1,Other,,,,,\n";
    is counts(upload([mode => 'import', duplicates => 'skip', file => ['a.csv', $all]])), '0 0 0 1 0';
    is stored('!U1')->[1], 'Ünö';
    is counts(upload([mode => 'import', duplicates => 'replace', file => ['a.csv', $all]])), '0 1 0 0 0';
    is_deeply stored('!U1'), ['!U1', 'Other', (undef) x 5];
    is upload([mode => 'import', duplicates => 'replace', file => ['a.csv', $csv]])->{status}, 422, 'not by some of the columns';
};

topic 'the other formats' => 2, sub {
    is counts(upload([file => ['a.TSV', "!U3\tThree\t\\N\t\\N\t\\N\t\\N\t2024-02-29\n"]])), '1 0 0 0 0';
    is counts(upload([file => ['a.ndjson', qq({"book_id": "!U3", "title": "<b>"}\n{}\n)]])), '1 0 0 0 1';
};

topic 'bad lines are told, and left out' => 7, sub {
    my $bad = "ID,Title\n!B1,Good\n!B2,\n!B3,\x{7}\n!B4\n";
    my $page = upload([mode => 'import', file => ['bad.csv', $bad]]);
    is $page->{status}, 200;
    is counts($page), '1 0 0 0 3';
    shows $page, qr/Line 3: title: Please fill this in\. Line 4: title: This holds a control character.* Line 5: This line has 1 fields/;
    shows $page, qr/were left out\. The others were imported/;
    ok stored('!B1'), 'the good one is there';
    $page = upload([file => ['bad.csv', "ID,Title\n" . "x,\n" x 5000]]);
    is scalar(() = $page->{html} =~ /<li>Line/g), 100, 'a hundred of them';
    shows $page, qr/and 4,900 more/;
};

topic 'what is no file of books: 422, and the page says why' => 10, sub {
    for (
        [qr/Please choose a file/ => [mode => 'import']],
        [qr/Please choose a file/ => [file => ['', '']]],
        [qr/has to end in/ => [file => ['books.xlsx', 'PK']]],
        [qr/called "<i>isbn"/ => [file => ['a.csv', "ID,Title,<i>isbn\n1,2,3\n"]]],
        [qr/no first line/ => [file => ['a.csv', '']]],
    ) {
        my ($why, $fields) = @$_;
        my $page = upload($fields);
        is $page->{status}, 422;
        shows $page, $why;
    }
};

topic 'choices behind the file come too late: it is only checked' => 3, sub {
    my $page = upload([file => ['a.csv', "ID,Title\n!L1,Late\n"], mode => 'import', duplicates => 'replace']);
    is counts($page), '1 0 0 0 0';
    shows $page, qr/Nothing was changed yet/;
    is stored('!L1'), undef;
};

topic 'what cannot be read' => 9, sub {
    my $body = qq{--x\r\nContent-Disposition: form-data; name="mode"\r\n\r\nimport\r\n}
        . qq{--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nID,Title\n!C1,Cut\n!C2,};
    my $cut = request('POST', '/import', $body, 'content-type' => 'multipart/form-data; boundary=x');
    is $cut->{status}, 400, 'a body without an end';
    shows $cut, qr/did not arrive to its end/;
    is stored('!C2'), undef;
    is request('POST', '/import', $body, 'content-type' => 'multipart/form-data; boundary=y')->{status}, 422, 'of another boundary';
    is request('POST', '/import', $body, 'content-type' => 'multipart/form-data')->{status}, 415, 'of none';
    is POST('/import', { mode => 'import' })->{status}, 415, 'another type';
    is upload([file => ['a.csv', $csv]], 'sec-fetch-site' => 'cross-site')->{status}, 403, 'from another site';
    my $page = request('PUT', '/import', 'x');
    is "$page->{status} " . header($page, 'Allow'), '405 GET, HEAD, POST, OPTIONS';
    is GET('/import/')->{status}, 404;
};

topic 'sizes' => 6, sub {
    my $line = '!S,' . 'x' x 200 . "\n";
    my $file = "ID,Title\n" . $line x (3.5 * 1024 * 1024 / length $line);
    like counts(upload([mode => 'import', file => ['a.csv', $file]])), qr/^1 0 17,\d{3} 0 0$/, '3.5 MB';
    my $page = upload([file => ['a.csv', $file . $line x (600 * 1024 / length $line)]]);
    is $page->{status}, 413, '4 MB and the form around it';
    shows $page, qr/bookshare import/;
    is upload([file => ['a.csv', $file . $line x 20_000]])->{status}, 413, '7 MB';
    is POST('/add', 'title=' . 'x' x 200_000)->{status}, 413, 'other forms are as small as ever';
    is POST('/add', 'book_id=!S1&title=' . 'x' x 200)->{status}, 303;
};

topic 'MySQL away' => 3, sub {
    allow(qr/MySQL|mysql/);
    $stack->kill('mysql', 'KILL');
    my $page = upload([mode => 'import', file => ['a.csv', $csv]]);
    is $page->{status}, 503;
    ok header($page, 'Retry-After');
    shows $page, qr/The database went away/;
    $stack->start_mysql;
};

run_topics;
