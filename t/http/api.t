# Reading through the API: lists, pages, iteration by ID, single books, errors.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 250);
add_book(book_id => '!ONE', title => 'Æsop’s "Fables"', category => 'Fables', available_from => '2020-02-29');
add_book(book_id => 'a/b ?&=ü', title => 'An ID to be encoded');

sub json { return JSON::PP->new->utf8->decode($_[0]{content}) }
sub ids  { return map { $_->{book_id} } @{ $_[0]{books} } }
sub in_mysql { return map { $_->[0] } $stack->mysql("SELECT book_id FROM music $_[0]") }

topic 'a page of the list' => 12, sub {
    my $answer = warm('/api/books');
    my $page   = json($answer);
    is header($answer, 'Content-Type'), 'application/json';
    is_deeply [ids($page)], [in_mysql('ORDER BY book_id LIMIT 100')], 'books, in the order of their IDs';
    is "@$page{qw(total page pages per_page)}", '252 1 3 100', 'total, page, pages, per_page';
    is $page->{source}, 'redis', 'source';
    is header($answer, 'Bookshare-Version'), $page->{version}, 'version';
    ok $page->{is_verified}, 'compared with MySQL';
    is header($answer, 'X-Total-Count'), 252, 'X-Total-Count';
    is_deeply $page->{links}, { first => '/api/books', next => '/api/books?page=2', last => '/api/books?page=3' },
        'links';
    like header($answer, 'Link'), qr{</api/books\?page=2>; rel="next"}, 'and as a header';
    is_deeply $page->{books}[0],
        {
        book_id => '!ONE', title => 'Æsop’s "Fables"', category => 'Fables', authors => undef, publisher => undef,
        edition => undef, available_from => '2020-02-29',
        },
        'a book: a string or null for each field';
    is_deeply json(GET('/api/books?page=3'))->{links},
        { first => '/api/books', prev => '/api/books?page=2', last => '/api/books?page=3' }, 'the last page';
    is HEAD('/api/books')->{content} // '', '', 'HEAD';
};

topic 'parts, searches, choices and orders' => 9, sub {
    is scalar(ids(json(GET('/api/books?per_page=7&page=36')))), 7, 'seven a page';
    is scalar(ids(json(GET('/api/books?per_page=1000')))), 252, 'a thousand a page';
    is join(' ', ids(json(GET('/api/books?sort=-title&per_page=5')))),
        join(' ', in_mysql('ORDER BY title DESC, book_id DESC LIMIT 5')), 'backwards by title';
    my $found = json(GET('/api/books?search=fables&category=Fables'));
    is join(' ', ids($found)), '!ONE', 'a search with a choice';
    is "@$found{qw(total page pages)}", '1 1 1', 'its numbers';
    is $found->{links}{last}, '/api/books?search=fables&category=Fables', 'its links';
    my $none = json(GET('/api/books?search=nothing-like-this'));
    is "@$none{qw(total page pages)}", '0 1 1', 'nothing found';
    is_deeply $none->{books}, [], 'no books';
    is ref json(GET('/api/books?facets=1'))->{facets}, 'HASH', 'facets';
};

topic 'what the client has: 304' => 7, sub {
    my $answer = GET('/api/books?page=2');
    my $etag   = header($answer, 'ETag');
    like $etag, qr/^W\/"/, 'a weak ETag';
    is GET('/api/books?page=2', 'if-none-match' => $etag)->{status}, 304, 'the same';
    is GET('/api/books?page=3', 'if-none-match' => $etag)->{status}, 200, 'another page';
    add_book(book_id => '!TAG');
    my $newer = GET('/api/books?page=2', 'if-none-match' => $etag);
    is $newer->{status}, 200, 'after a change';
    isnt header($newer, 'ETag'), $etag, 'another ETag';
    my $book = header(GET('/api/books/!TAG'), 'ETag');
    like $book, qr/^"[0-9a-f]{16}"$/, 'a book has a strong one';
    is GET('/api/books/!TAG', 'if-none-match' => "\"x\", $book")->{status}, 304, 'and the client has it';
};

topic 'one book' => 7, sub {
    is json(GET('/api/books/!ONE'))->{title}, 'Æsop’s "Fables"';
    is json(GET('/api/books/a%2Fb%20%3F%26%3D%C3%BC'))->{book_id}, 'a/b ?&=ü', 'an ID that is encoded';
    my $head = HEAD('/api/books/!ONE');
    is $head->{status} . ($head->{content} // ''), '200', 'HEAD';
    is header($head, 'ETag'), header(GET('/api/books/!ONE'), 'ETag'), 'with the ETag';
    my $none = GET('/api/books/nope');
    is $none->{status}, 404, 'none';
    is header($none, 'Content-Type'), 'application/problem+json', 'is a problem';
    is GET('/api/books/' . 'x' x 31)->{status}, 404, 'an ID that cannot be';
};

# Walks over all books, in parts of so many, and calls something between two of them. Returns the IDs.
sub walk {
    my ($rows, $between, $more) = (@_, '');
    my ($next, @ids) = ("/api/books?per_page=$rows&after=$more");
    while ($next) {
        my $page = json(GET($next));
        push @ids, ids($page);
        $between->($page);
        $next = $page->{links}{next};
    }
    return @ids;
}

topic 'a walk over all books' => 5, sub {
    my @all = in_mysql('ORDER BY book_id');
    is join(' ', walk($_, sub { })), join(' ', map { utf8::decode(my $id = $_); $id } @all), "$_ at a time" for 9, 1000;
    my $page = json(GET('/api/books?after=!ONE&per_page=1'));
    is_deeply [ids($page)], [$all[1]], 'from behind a book';
    is_deeply [sort keys %{ $page->{links} }], ['next'], 'it goes forward only';
    is $page->{total}, 253, 'total is that of the whole';
};

topic 'a walk while others write: what stays is met once' => 3, sub {
    my ($n, %met) = (0);
    my @stay = in_mysql("WHERE book_id NOT LIKE 'w%' ORDER BY book_id");
    my @walked = walk(10, sub {
        my ($page) = @_;
        my $last = (ids($page))[-1] // return;
        add_book(book_id => 'w' . $n, title => 'new'), $n++;                # behind, or ahead of, where we are
        add_book(book_id => "!$n", title => 'new');
        POST('/delete/!' . ($n - 1), {}) if $n > 1;
    });
    $met{$_}++ for @walked;
    is scalar(grep { $met{$_} > 1 } keys %met), 0, 'none twice';
    utf8::decode($_) for @stay;
    is join(' ', grep { !$met{$_} } @stay), '', 'none left out';
    cmp_ok $n, '>', 20, 'there were many changes';
};

my @bad = (
    'page=0', 'page=x', 'page=', 'per_page=0', 'per_page=1001', 'per_page=-1', 'sort=color', 'sort=-', 'from=yesterday',
    'until=2020-02-30', 'facets=2', 'after=%ff', 'after=a&sort=title', 'after=a&page=2', 'search=%ff', 'search=%00',
    'category=' . 'x' x 101, 'search=' . 'x' x 501, 'from=2001-01-01&from=2001-01-01', 'after=&after=', 'facets=1&facets=1',
);

topic 'invalid queries: 400, as a problem' => 2 * @bad - 1, sub {
    for my $bad (@bad) {
        my $answer = GET("/api/books?$bad");
        is $answer->{status}, $bad eq 'page=' ? 200 : 400, substr $bad, 0, 30;
        ok json($answer)->{detail} =~ /\w/ && header($answer, 'Content-Type') eq 'application/problem+json', 'says why'
            if $bad ne 'page=';
    }
};

topic 'other errors are problems, too' => 10, sub {
    for (['GET', '/api/books?page=99', 404], ['GET', '/api/nope', 404], ['PUT', '/api/books', 405],
        ['POST', '/api/books/!ONE', 405], ['GET', '/api/books?' . 'x&' x 129, 400]) {
        my ($method, $path, $status) = @$_;
        my $answer = request($method, $path, undef, accept => 'text/html');
        is $answer->{status}, $status, substr "$method $path", 0, 40;
        is json($answer)->{status}, $status, 'whatever Accept says';
    }
};

topic 'OPTIONS' => 5, sub {
    for (['/api/books', 'GET HEAD OPTIONS POST'], ['/api/books/!ONE', 'DELETE GET HEAD OPTIONS PATCH PUT']) {
        my ($path, $methods) = @$_;
        my $answer = request('OPTIONS', $path);
        is $answer->{status}, 204, $path;
        is join(' ', sort split /,\s*/, header($answer, 'Allow')), $methods, 'Allow';
    }
    is request('OPTIONS', '/api/nope')->{status}, 404, 'of nothing';
};

topic 'without MySQL' => 6, sub {
    warm('/api/books');
    $stack->kill('mysql', 'KILL');
    my $answer = wait_for('a doubtful page', 10, sub { my $got = GET('/api/books'); !json($got)->{is_verified} && $got });
    is json($answer)->{source}, 'redis', 'a page from Redis';
    like header($answer, 'Cache-Status'), qr/unverified/, 'which says so';
    is header($answer, 'ETag'), '', 'and has no ETag';
    my $none = GET('/api/books/!ONE');
    is "$none->{status} " . header($none, 'Content-Type'), '503 application/problem+json', 'a book';
    $none = GET('/api/books?search=x'); # by the index, if it has all that was written
    ok $none->{status} == 503 || $none->{status} == 200 && header($none, 'Cache-Status') =~ /unverified/, 'a search';
    ok header(GET('/api/books/!ONE'), 'Retry-After') > 0, 'Retry-After';
    allow(qr/MySQL/);
    $stack->start_mysql;
};

run_topics;
