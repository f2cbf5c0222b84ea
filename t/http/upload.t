# The import page: its reports, its changes, and what it rejects.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);
use IO::Socket::INET;

use BookShare::Test;

my $stack = stack(rows => 250, workers => 3, page_files => 1);

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
    shows $page, qr/Check of bücher\.csv .*Nothing has been changed yet/;
    is version(), $before, 'nothing is changed';
    is_deeply [map { $_->{value} } grep { exists $_->{checked} } map { $_->[1] } tags($page)], ['import', 'skip'], 'the next step is to import it';
    warm('/list');
    $page = upload([mode => 'import', duplicates => 'skip', file => ['bücher.csv', $csv]]);
    is $page->{status}, 200;
    is counts($page), '2 0 0 0 0';
    shows $page, qr/Import of bücher\.csv The file was imported/;
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

topic 'bad lines are reported and skipped' => 7, sub {
    my $bad = "ID,Title\n!B1,Good\n!B2,\n!B3,\x{7}\n!B4\n";
    my $page = upload([mode => 'import', file => ['bad.csv', $bad]]);
    is $page->{status}, 200;
    is counts($page), '1 0 0 0 3';
    shows $page, qr/Line 3: title: This field is required\. Line 4: title: Control characters.* Line 5: This line has 1 fields/;
    shows $page, qr/Some lines were skipped; see below\. The others were imported/;
    ok stored('!B1'), 'the good one is there';
    $page = upload([file => ['bad.csv', "ID,Title\n" . "x,\n" x 5000]]);
    is scalar(() = $page->{html} =~ /<li>Line/g), 100, 'a hundred of them';
    shows $page, qr/and 4,900 more/;
};

topic 'not a file of books: 422, and the page says why' => 12, sub {
    for (
        [qr/Please choose a file/ => [mode => 'import']],
        [qr/Please choose a file/ => [file => ['', '']]],
        [qr/must end in/ => [file => ['books.xlsx', 'PK']]],
        [qr/unknown: "<i>isbn"/ => [file => ['a.csv', "ID,Title,<i>isbn\n1,2,3\n"]]],
        [qr/header line/ => [file => ['a.csv', '']]],
        [qr/unknown: "ISBN", "Author", "Press", "Genre", "Binding", ""\. Valid names are book_id/ =>
            [mode => 'import', file => ['trap.tsv', "ISBN\tTitle\tAuthor\tPress\tGenre\tBinding\t\nT7-1\tDune Road\tF\tC\tSF\tH\t\n"]]],
    ) {
        my ($why, $fields) = @$_;
        my $page = upload($fields);
        is $page->{status}, 422;
        shows $page, $why;
    }
};

topic 'books that would be skipped are reported beforehand' => 14, sub {
    my $twice = "book_id,title\n!D1,first\n!D1,second\n!D2,alone\n";
    my $page  = upload([mode => 'check', file => ['twice.csv', $twice]]);
    is counts($page), '2 0 0 1 0';
    shows $page, qr/Some lines would be skipped; see below\. Nothing has been changed yet/;
    shows $page, qr/Line 3: book_id: Same ID as on line 2: skipped/;
    unlike $page->{html}, qr/The file is fine/;
    is_deeply [map { $_->{value} } grep { exists $_->{checked} } map { $_->[1] } tags($page)], ['check', 'skip'], 'the import is not the next step';
    $page = upload([mode => 'report', file => ['twice.csv', $twice]]);
    is "$page->{status} " . header($page, 'Content-Type'), '200 text/plain; charset=utf-8', 'as a text';
    is header($page, 'Content-Disposition'), 'inline; filename="import-report.txt"';
    is $page->{html}, "line 3: book_id: Same ID as on line 2: skipped.\n"
        . "would be added 2, replaced 0, unchanged 0, skipped 1, bad 0\n";
    is stored('!D1'), undef, 'nothing is changed';
    $page = upload([mode => 'report', file => ['bad.csv', "ID,Title\n" . "x,\n" x 5000]]);
    is scalar(() = $page->{html} =~ /^line \d+: title: This field is required\.$/mg), 5000, 'all of them';
    is upload([mode => 'report', file => ['a.csv', "x\n"]])->{status}, 422, 'a file that cannot be read has no report';
    $page = upload([mode => 'import', file => ['twice.csv', $twice]]);
    shows $page, qr/Line 3: book_id: A book with this ID exists: skipped/, 'and afterwards';
    shows $page, qr/Some lines were skipped; see below/;
    is stored('!D1')->[1], 'first';
};

topic 'choices behind the file come too late: it is only checked' => 3, sub {
    my $page = upload([file => ['a.csv', "ID,Title\n!L1,Late\n"], mode => 'import', duplicates => 'replace']);
    is counts($page), '1 0 0 0 0';
    shows $page, qr/Nothing has been changed yet/;
    is stored('!L1'), undef;
};

topic 'what cannot be read' => 9, sub {
    my $body = qq{--x\r\nContent-Disposition: form-data; name="mode"\r\n\r\nimport\r\n}
        . qq{--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nID,Title\n!C1,Cut\n!C2,};
    my $cut = request('POST', '/import', $body, 'content-type' => 'multipart/form-data; boundary=x');
    is $cut->{status}, 400, 'a body without an end';
    shows $cut, qr/The upload is incomplete/;
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

# A file of this many books with IDs that start with these letters.
sub many { my ($letters, $count) = @_; return "ID,Title\n" . join '', map {"$letters$_,t\n"} 1 .. $count }

sub progress { return GET('/import/progress') }

# Keeps every write waiting until the code returned is called.
sub hold_writes {
    my $end = session('START TRANSACTION; SELECT version FROM music_version FOR UPDATE');
    return sub { $end->('ROLLBACK'); $end->() };
}

sub somebody_waits { return runs(1, '%token FROM music_version FOR UPDATE', '%') }

topic 'one at a time on a host, and others are served meanwhile' => 12, sub {
    is progress()->{status}, 204, 'none is under way';
    my $release = hold_writes();
    my $file = many('!O', 300);
    my $first = behind(sub { upload([mode => 'import', file => ['a.csv', $file]])->{status} });
    somebody_waits();
    my $page = upload([mode => 'import', file => ['b.csv', $csv]]);
    is $page->{status}, 503;
    like header($page, 'Retry-After'), qr/^\d+$/;
    shows $page, qr/Another import is running/;
    ok +(having($page, action => '/import'))[0], 'with the form';
    my $progress = progress();
    is $progress->{status}, 200;
    is header($progress, 'Cache-Control'), 'no-store';
    like $progress->{content}, qr/^\{"read":0,"size":\d+,"books":0\}$/;
    is GET("/list?page=2&$_")->{status}, 200, 'a page' for 1 .. 2;
    $release->();
    is $first->(), 200, 'the first one comes to its end';
    is progress()->{status}, 204;
};

topic 'a worker that dies does not keep others from importing' => 2, sub {
    allow(qr/bookshare-pool: worker \d died of signal 9/);
    my $release = hold_writes();
    my $first = behind(sub { upload([mode => 'import', file => ['a.csv', many('!W', 300)]])->{status} });
    somebody_waits();
    is upload([file => ['b.csv', $csv]])->{status}, 503;
    $stack->kill('worker', 'KILL');
    $first->();
    $release->();
    workers();
    is upload([file => ['b.csv', $csv]])->{status}, 200;
};

topic 'page files are in use between batches, and progress is reported' => 5, sub {
    my $import = behind(sub { upload([mode => 'import', file => ['a.csv', many('~P', 3000)]])->{status} });
    my ($file, $told, %published) = (0, 0);
    wait_for('it to begin', 20, sub { progress()->{status} == 200 });
    while ((my $progress = progress())->{status} == 200) {
        $told++ if $progress->{content} =~ /"books":[1-9]/;
        for (1 .. 5) {
            $published{ readlink($stack->pages . '/current') // next }++;
            $file++ if header(GET('/list'), 'Cache-Status') =~ /page-file/;
        }
    }
    is $import->(), 200;
    cmp_ok $file, '>', 0, 'pages from files meanwhile';
    cmp_ok scalar(keys %published), '>', 3, 'of many versions';
    cmp_ok $told, '>', 0, 'progress';
    is +(cli('cache', 'verify'))[0], 0, 'the list is the table';
};

topic 'a client that leaves ends its import' => 4, sub {
    my $text = many('~L', 30_000);
    my $body = qq{--x\r\nContent-Disposition: form-data; name="mode"\r\n\r\nimport\r\n}
        . qq{--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n$text\r\n--x--\r\n};
    my ($port) = $stack->url('/') =~ /:(\d+)/;
    my $has = sub { ($stack->mysql("SELECT COUNT(*) FROM music WHERE book_id LIKE '~L%'"))[0][0] };
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "connect: $@";
    print {$socket} "POST /import HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
    $socket->flush;
    wait_for('some of it', 20, sub { $has->() >= 300 });
    is progress()->{status}, 200;
    close $socket;
    wait_for('the end of it', 10, sub { progress()->{status} == 204 });
    my $written = $has->();
    cmp_ok $written, '<', 30_000, 'not all of it';
    is $written % 100, 0, 'whole batches';
    is upload([file => ['b.csv', $csv]])->{status}, 200, 'another one may follow';
};

topic 'as many books as one upload takes, and one more' => 5, sub {
    my $page = upload([file => ['a.csv', many('~', 40_000)]]);
    is $page->{status}, 200;
    is counts($page), '40,000 0 0 0 0';
    $page = upload([file => ['a.csv', many('~', 40_001)]]);
    is $page->{status}, 413;
    is counts($page), '40,000 0 0 0 0';
    shows $page, qr/more books than one upload may write\. .*The rest of the file was not checked/;
};

topic 'MySQL down' => 3, sub {
    allow(qr/MySQL|mysql/);
    $stack->kill('mysql', 'KILL');
    my $page = upload([mode => 'import', file => ['a.csv', $csv]]);
    is $page->{status}, 503;
    ok header($page, 'Retry-After');
    shows $page, qr/The connection to the database was lost/;
    $stack->start_mysql;
};

run_topics;
