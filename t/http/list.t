# The list: pages, counts, page bar, and the source of its rows.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $rows  = 1050;                                     # ten full pages and a half
my $stack = stack(rows => $rows, env => { BOOKSHARE_FIND_INDEX => 'off' });    # see no-redis.t for pages from it
my $took  = qr/Time took: \d+\.\d{4} seconds/;

sub ids_of_page {
    my $offset = ($_[0] - 1) * 100;
    return [map { $_->[0] } $stack->mysql("SELECT book_id FROM music ORDER BY book_id LIMIT 100 OFFSET $offset")];
}

sub ids { return [map { $_->[0] } rows(@_)] }

topic 'a miss answers from MySQL, and from then on Redis has it' => 9, sub {
    my $cold = GET('/list');
    is $cold->{status}, 200;
    like message($cold), qr/^Data loaded from MySQL\. Length: $rows\. $took$/;
    is header($cold, 'Cache-Status'), 'bookshare; fwd=miss';
    is_deeply ids($cold), ids_of_page(1);

    my $warm = warm('/list');
    like message($warm), qr/^Data loaded from Redis cache\. Length: $rows\. $took$/;
    is header($warm, 'Cache-Status'), 'bookshare; hit';
    is_deeply [rows($warm)], [rows($cold)], 'the same rows from both';

    my $list = view('list');
    is $list->{rows}, 1050, 'the full set is stored';
    like $list->{version}, qr/, current$/, 'of the present version';
};

# The form takes its labels from book_fields; the list has them as text of its templates.
topic 'columns and orders have the labels of the form' => 2, sub {
    my @labels = GET('/add')->{html} =~ m{<label class="form-label"[^>]*>([^<]+?) *<}g;
    my $list   = GET('/list')->{html};
    @labels[0, 1] = @labels[1, 0];    # a new book's form begins with the title
    is_deeply [$list =~ m{<th scope="col"[^>]*><a [^>]*>([^<]+)</a>}g], \@labels, 'the heads';
    my @orders = map { my $label = $_; map {"$label, $_"} $label =~ /^Available/ ? ('oldest first', 'newest first') : ('A to Z', 'Z to A') } @labels;
    is_deeply [$list =~ m{<option value="-?\w+"[^>]*>([^<]+, [^<]+)</option>}g], \@orders, 'the orders';
};

topic 'the home page has no categories without an index, but the number of books' => 2, sub {
    my $page = GET('/');
    shows $page, qr/\b1,050 books\b/;
    is_deeply [grep { m{^/list\?category=} } hrefs($page)], [];
};

topic 'a page that the client has is not sent again' => 8, sub {
    my $page = warm('/list?page=2');
    my $etag = header($page, 'ETag');
    like $etag, qr{^W/"[-0-9a-f]+"$};
    is header(GET('/list?page=2'), 'ETag'), $etag;
    isnt header(GET('/list?page=3'), 'ETag'), $etag, 'another page has another';
    for my $known ($etag, "\"x\", $etag", $etag =~ s{^W/}{}r) {
        is GET('/list?page=2', 'If-None-Match' => $known)->{status}, 304, $known;
    }
    is GET('/list?page=2', 'If-None-Match' => '"x"')->{status}, 200;
    POST('/update/' . escaped(ids($page)->[0]), { title => 'Changed' });
    is GET('/list?page=2', 'If-None-Match' => $etag)->{status}, 200, 'a change makes another';
};

# The number of calls of a Redis command since its statistics were reset.
sub calls { return $stack->redis('INFO', 'commandstats') =~ /^cmdstat_\Q$_[0]\E:calls=(\d+)/m ? $1 : 0 }

topic 'and no row is read to find that out' => 12, sub {
    for my $path ('/list?page=2', '/list?page=11') {
        my ($page) = everywhere(sub { warm($path) });
        my $etag = header($page, 'ETag');
        $stack->redis('CONFIG', 'RESETSTAT');
        my $known = GET($path, 'If-None-Match' => $etag);
        is $known->{status}, 304, $path;
        is header($known, 'ETag'), $etag, 'with its ETag';
        ok from_redis($known), 'its source';
        is join(' ', map { calls($_) } qw(hmget multi lrange)), '1 0 0', 'and one look at the version';
        is GET($path, 'If-None-Match' => '"x"')->{status}, 200;
    }
    cmp_ok calls('lrange'), '>', 0, 'a page does read rows';
    is GET('/list?page=12', 'If-None-Match' => '*')->{status}, 404, 'what is not there is not unchanged';
};

my @pages = ([1, 1, 100], [2, 101, 200], [6, 501, 600], [10, 901, '1,000'], [11, '1,001', '1,050']);

topic 'each page shows its rows and its counts' => 6 * @pages, sub {
    for (@pages) {
        my ($page, $from, $to) = @$_;
        my $answer = GET("/list?page=$page");
        is $answer->{status}, 200, "page $page";
        ok from_redis($answer), 'from Redis';
        is_deeply ids($answer), ids_of_page($page), 'its rows in the order of book_id';
        shows $answer, qr/Showing $from to $to of 1,050 books/, 'what it shows';
        is place($answer), "$page of 11", 'which page it is';
        is $answer->{headers}{'content-type'}, 'text/html; charset=utf-8', 'its type';
    }
};

topic 'a row shows every field, and leads to its page and its form' => 5, sub {
    my $page  = GET('/list?page=3');
    my ($row) = rows($page);
    my $book  = stored($row->[0]);
    is_deeply [@$row[0 .. 6]], [map { ($_ // '') =~ s/\s+/ /gr } @$book], 'the seven fields';
    my @links = hrefs($page);
    my $id    = escaped($row->[0]);
    ok +(grep { $_ eq "/books/$id" } @links), 'its page';
    my ($edit) = grep { $_->{href} eq "/update/$id?page=3" } map { $_->[1] } grep { $_->[0] eq 'a' && $_->[1]{href} } tags($page);
    is $edit->{'aria-label'}, "Edit $book->[1]", 'a link to its form, named for the book';
    is scalar(grep { m{^/update/} } @links), 100, 'one for each row';
    is scalar(grep { m{^/delete/} } @links), 0, 'which leads on to delete';
};

# The page numbers that the page bar links to, sorted.
sub linked {
    my ($page) = @_;
    my %page;
    for (hrefs($page)) {
        $page{ $1 // 1 } = 1 if m{^/list(?:\?page=(\d+))?$};
    }
    return [sort { $a <=> $b } keys %page];
}

topic 'the page bar: first, two to each side, last, previous and next' => 9, sub {
    my ($first, $middle, $last) = map { GET("/list?page=$_") } 1, 6, 11;
    my %on = map { $_ => 1 } @{ linked($middle) };
    is_deeply [grep { !$on{$_} } 1, 4, 5, 7, 8, 11], [], 'the middle page links to 1, 4, 5, 7, 8 and 11';
    ok !$on{2} && !$on{10}, 'and leaves out what lies between';
    is_deeply [grep { $_ > 3 && $_ < 11 } @{ linked($first) }], [], 'the first page: 1, 2, 3 and 11';
    is_deeply [grep { $_ > 1 && $_ < 9 } @{ linked($last) }], [], 'the last page: 1, 9, 10 and 11';
    my %by = map { $_->[1] => $_->[0] } links($middle);
    like $by{First},  qr{^/list(\?page=1)?$}, 'First';
    is $by{Previous}, '/list?page=5',  'Previous';
    is $by{Next},     '/list?page=7',  'Next';
    is $by{Last},     '/list?page=11', 'Last';
    is_deeply [grep { m{^/list\?} } map { $_->{href} } having($middle, 'aria-current' => 'page')], ['/list?page=6', '/list?page=6'],
        'the page itself is marked, above and below';
};

topic 'it is there twice, with a field for a page that keeps the view' => 7, sub {
    my $page = GET('/list?search=a&category=Poetry&per_page=1&sort=-title&page=2');
    is scalar(having($page, 'class' => 'pages')), 2;
    my $keeps = { page => 2, search => 'a', category => 'Poetry', per_page => 1, sort => '-title' };
    my ($form) = map { +{ html => $_ } } $page->{html} =~ m{(<form class="goto".*?</form>)}s;
    is_deeply inputs($form), $keeps, 'which keeps the view';
    is place(GET('/list?search=a&category=Poetry&per_page=1&sort=-title&page=3')) =~ s/ .*//r, 3;
    is place(GET('/list?page=')), '1 of 11', 'an empty field: the first page';
    my $single = GET('/list?category=No+such+category');
    is scalar(grep { exists $_->{hidden} } having($single, 'class' => 'pages')), 2, 'one page: none';
    is scalar(grep { m{^/list\?.*page=} && !/per_page/ } hrefs($single)), 0, 'nor its links';
    is scalar(grep { exists $_->{hidden} } having($page, 'class' => 'pages')), 0, 'more: seen';
};

topic 'the head has what was chosen, the order, and the files of this view; the foot where it is from' => 5, sub {
    my $page = GET('/list?category=Poetry&sort=-title&per_page=50&page=1');
    my ($head) = $page->{html} =~ m{(<header class="listhead">.*?</header>)}s;
    like visible($head), qr/^\d+ books Did you mean\? Remove Category: Poetry Remove Order: Title, Z to A Show all books Export CSV NDJSON JSON of this page · Change all of these books/;
    is_deeply [map { $_->[0] } links({ html => $head })],
        ['/list?per_page=50&sort=-title', '/list?per_page=50&category=Poetry', '/list?per_page=50&sort=-title',
        '/export.csv?category=Poetry&sort=-title', '/export.ndjson?category=Poetry&sort=-title', '/api/books?per_page=50&category=Poetry&sort=-title',
        '/edit?category=Poetry&sort=-title'];
    unlike visible(GET('/list')->{html} =~ m{(<header class="listhead">.*?</header>)}s), qr/Order/, 'the usual order is not named';
    like $page->{html}, qr{</table>.*Data loaded from .*</main>}s, 'below the rows';
    like GET('/list?search=no+such+thing')->{html}, qr{Data loaded from .*</main>}s, 'also if there are none';
};

topic 'an address hides columns, and everything that leads on keeps that' => 12, sub {
    my $address = '/list?page=2&hide=edition&hide=&hide=authors';
    my $page    = GET($address);
    is_deeply [map { $_->{'data-hide'} } having($page, id => 'books')], ['authors edition'];
    my %column = map { $_->[1] => $_->[0] } links({ html => $page->{html} =~ m{(<details class="columns">.*?</details>)}s });
    is $column{'Show Edition'}, '/list?page=2&hide=authors', 'one that is hidden: shown';
    is $column{'Hide Category'}, '/list?page=2&hide=category&hide=authors&hide=edition', 'one that is shown: hidden';
    ok !grep({/Title/} keys %column), 'the title stays';
    is_deeply [grep { m{/list\?} && !(/hide=authors/ && /hide=edition/) } map { $_->[0] } grep { $_->[1] !~ /^Show / } links($page)], [],
        'each page, order and size';
    like +(grep {m{/update/}} hrefs($page))[0], qr/\?page=2&hide=authors&hide=edition$/, 'the way back';
    is_deeply [grep { m{/(?:export|api)} && /hide/ } hrefs($page)], [], 'but files and JSON are whole';
    is scalar(() = $page->{html} =~ /<input type="hidden" name="hide" value="(?:authors|edition)">/g), 2 * 5, 'search, filters, page bars, selected books';
    my $etag = header(warm($address), 'ETag');
    isnt $etag, header(warm('/list?page=2'), 'ETag'), 'another page, for caches';
    is GET($address, 'If-None-Match' => $etag)->{status}, 304;
    shows GET('/list?hide=title'), qr/The title is always shown\./, 'its title';
    shows GET('/list?hide=colour'), qr/Unknown column to hide\./, 'an unknown one';
};

topic 'a Link header that would be too long is omitted' => 3, sub {
    my $page = GET('/list?search=-' . '%F0%9F%93%9A' x 499);
    is $page->{status}, 200;
    like place($page), qr/^1 of (?!1$)/, 'more than one page';
    is header($page, 'Link'), '';
};

topic 'the Link header names the neighbours' => 5, sub {
    my %link = map { /<([^>]+)>;\s*rel="?(\w+)"?/ ? ($2 => $1) : () } split /,\s*/, header(GET('/list?page=6'), 'Link');
    like $link{first}, qr{^/list(\?page=1)?$}, 'first';
    is $link{prev}, '/list?page=5',  'prev';
    is $link{next}, '/list?page=7',  'next';
    is $link{last}, '/list?page=11', 'last';
    unlike header(GET('/list?page=11'), 'Link'), qr/rel="?next/, 'no next after the last';
};

topic 'each answer says what it cost' => 2, sub {
    like header(GET('/list'), 'Server-Timing'), qr/\bdur=\d+(\.\d+)?/, 'the list';
    like header(GET('/'),     'Server-Timing'), qr/\bdur=\d+(\.\d+)?/, 'the home page';
};

my @bad = qw(0 -1 abc 1.5 1e3 +1 0x1 1000000000000 99999999999999999999999 1%00 %ff);

topic 'an invalid page number: 400' => 2 * @bad, sub {
    for my $page (@bad) {
        my $answer = raw("GET /list?page=$page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        is $answer->{status}, 400, "page=$page";
        like $answer->{headers}{'content-type'}, qr{^text/html}, 'as a page';
    }
};

topic 'a page past the end: 404, with the way to the last page' => 4, sub {
    for my $page (12, 5000) {
        my $answer = GET("/list?page=$page");
        is $answer->{status}, 404, "page $page";
        ok +(grep { $_ eq '/list?page=11' } hrefs($answer)), 'links to page 11';
    }
};

topic 'parameters: unknown ones are ignored, names and values are decoded' => 3, sub {
    is place(GET('/list?colour=blue&page=2&x')), '2 of 11', 'unknown';
    is place(GET('/list?p%61ge=%34')),           '4 of 11', 'encoded';
    is place(GET('/list?')),                     '1 of 11', 'none';
};

my @repeated = qw(page per_page search from until sort filters);
my %fine     = (page => 2, per_page => 50, from => '2020-01-01', until => '2020-01-01', sort => 'title', filters => 'open');

topic 'a parameter given twice: 400, and the page names it' => 2 * (@repeated + 1), sub {
    for my $name (@repeated) {
        my $pair   = "$name=" . ($fine{$name} // 'X');
        my $answer = GET("/list?$pair&$pair");
        is $answer->{status}, 400, $name;
        shows $answer, qr/\Q$name\E is given more than once\. It can have only one value\./, 'as a page';
    }
    is GET('/list?p%61ge=2&x&page=')->{status}, 400, 'encoded, empty, not side by side';
    is GET('/list?x=1&x=2&page=2')->{status},   200, 'unknown ones may be repeated';
};

my %titles = (
    '/list'                                       => 'All books',
    '/list?page=3'                                => 'All books, page 3',
    '/list?page=3&x'                              => 'All books, page 3',
    '/list?from=2001-01-01'                       => 'Chosen books',
    '/list?category=Poetry&per_page=1&page=2'     => 'Poetry, page 2',
    '/list?search=a&category=Poetry&edition=None' => 'a, Poetry, None',
);

topic 'titles tell tabs apart' => 0 + keys %titles, sub {
    for my $address (sort keys %titles) {
        my ($title) = GET($address)->{html} =~ m{<title>(.*) - Book Share</title>};
        is $title, $titles{$address}, $address;
    }
};

topic 'HEAD answers as GET does, without the body' => 4, sub {
    my $get  = GET('/list?page=2');
    my $head = raw("HEAD /list?page=2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    is $head->{status}, 200;
    is $head->{content}, '', 'not a byte after the headers';
    is header($head, $_), header($get, $_), $_ for 'Content-Type', 'Cache-Status';
};

topic 'odd rows come from Redis as they come from MySQL' => 5, sub {
    $stack->mysql(q{INSERT INTO music VALUES
        ('!tab', 'a\tb', 'line\nfeed', 'back\\\\slash \\\\N \\\\t', '', NULL, '0001-01-01'),
        ('!uni', '日本語 📚', 'Ünï', NULL, 'O''Hara & "Sons"', '', '9999-12-31')});
    is +(cli('cache', 'clear'))[0], 0, 'bookshare cache clear';
    my $cold = GET('/list');
    my $warm = warm('/list');
    ok from_mysql($cold), 'one from MySQL, one from Redis';
    is_deeply [rows($warm)], [rows($cold)], 'the same text';
    my ($table, $same) = map { $_->{html} =~ m{(<tbody>.*</tbody>)}s } $cold, $warm;
    ok $table eq $same, 'the same to the byte';
    shows $warm, qr/日本語 📚.*O'Hara & "Sons"/, 'and it is what was stored';
};

topic 'an empty table is an empty list' => 5, sub {
    $stack->mysql('DELETE FROM music');
    cli('cache', 'clear');
    for my $turn (1, 2) {
        my $page = GET('/list');
        is $page->{status}, 200;
        like message($page), qr/Length: 0\./;
    }
    is GET('/list?page=2')->{status}, 404, 'it has no second page';
};

run_topics;
