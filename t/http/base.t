# A site below a base path: everything that leads anywhere leads below it, and nothing of it is outside.

use v5.20;
use warnings;
use utf8;

use BookShare::Crawler;
use BookShare::Test;
use JSON::PP ();
use URI;

my $base  = '/~user/my.books';
my $stack = stack(rows => 220, page_files => 1, limits => 1, base => $base);
add_book(book_id => '!B', title => 'Below', category => 'Paths');
warm();

# A request for any path of the server; Connection: close.
sub outside {
    my ($path, @headers) = @_;
    return raw(join "\r\n", "GET $path HTTP/1.1", 'Host: localhost', 'Connection: close', @headers, '', '');
}

topic 'every link, file and form of every page is below it' => 4, sub {
    my $crawler = BookShare::Crawler->new(address => $stack->url(''), most_parameters => 1, form_parameters => 0);
    $stack->stop_nginx;    # a crawler asks more often than one visitor may
    local $stack->{limits} = 0;
    $stack->start_nginx;
    $crawler->read_pages;
    $crawler->send_forms;
    $stack->stop_nginx;
    is join("\n", $crawler->faults), '', 'no visitor gets an error, or leaves it';
    my $count = $crawler->count;
    note "$count->{pages} pages, $count->{files} files, $count->{forms} forms";
    cmp_ok $count->{pages}, '>', 35, 'there were enough of them';
    cmp_ok $count->{files}, '>', 10, 'of files';
    cmp_ok $count->{forms}, '>', 8,  'and of forms';
};

topic 'it has its own redirect, and other spellings lead there too' => 7, sub {
    $stack->start_nginx;
    my $bare = GET('');
    is "$bare->{status} $bare->{headers}{location}", "303 $base/", 'without its slash';
    is GET('/')->{status}, 200, 'home';
    is outside($_)->{status}, 200, $_ for '/%7Euser/my.books/list?page=2&x', '/~user/m%79%2ebooks/add', '/%7euser/my.books/';
    is outside("${base}2/list")->{status}, 404, 'a longer name is another path';
    is outside('/~user/my-books/')->{status}, 404, 'and a dot is a dot';
};

topic 'nothing of it is outside' => 13, sub {
    for my $path ('/', '/list', '/add', '/static/openapi.json', '/api/openapi.json', '/static/errors/refused.html') {
        is outside($path)->{status}, 404, $path;
    }
    my $other = outside('/');
    is header($other, $_), '', "the rest of the server has not got our $_" for 'Content-Security-Policy', 'Referrer-Policy', 'Retry-After';
    is header(GET('/static/openapi.json'), 'Referrer-Policy'), 'same-origin', 'but its files have';
    is header(GET($_), 'Referrer-Policy'), 'same-origin', "and $_ has it once" for '/list?page=2&x', '/static/nope', '/';
};

topic 'redirects' => 9, sub {
    my $script = { 'bookshare-form' => 'script' };
    is header(POST('/add', { book_id => '!R', title => 'x', back => 'page=2' }), 'Location'), "$base/list?page=2#b-%21R", 'after adding';
    is header(POST('/update/!R', { title => 'y' }), 'Location'), "$base/list#b-%21R", 'after an update';
    my $answer = POST('/update/!R', { title => 'z' }, %$script);
    is "$answer->{status} " . header($answer, 'Location'), "204 $base/list#b-%21R", 'for a script';
    is header(POST('/delete/!R', {}), 'Location'), "$base/list", 'after a deletion';
    is header(POST('/list', { search => 'the' }), 'Location'), "$base/list?search=the", 'of a search';
    is header(POST('/timings', {}), 'Location'), "$base/timings", 'of a measurement';
    my @json = ('content-type' => 'application/json');
    is header(request('POST', '/api/books', '{"book_id":"!J","title":"x"}', @json), 'Location'), "$base/api/books/%21J", 'of the API';
    is header(request('PUT', '/api/books/!K', '{"title":"x"}', @json), 'Location'), "$base/api/books/%21K", 'and of its PUT';
    shows follow(POST('/add', { book_id => '!S', title => 'x' })), qr/Book !S was added/, 'and they lead to a page with the message';
};

topic 'cookies' => 2, sub {
    my $given = header(POST('/add', { book_id => '!C', title => 'x' }), 'Set-Cookie');
    like $given, qr/; Path=\Q$base\E; HttpOnly; SameSite=Strict$/, 'the flash message';
    like header(GET('/', cookie => $given =~ s/;.*//r), 'Set-Cookie'), qr/=; Max-Age=0; Path=\Q$base\E;/, 'and its end';
};

topic 'the API' => 8, sub {
    my $api = GET('/api/openapi.json');
    is $api->{status}, 200;
    is header($api, 'Content-Type'), 'application/json';
    my $server = JSON::PP->new->utf8->decode($api->{content})->{servers}[0]{url};
    is +URI->new_abs($server, $stack->url('/api/openapi.json')), $stack->url('/'), 'its servers are relative to the description';
    my $list = GET('/api/books?per_page=2&page=2');
    my $body = JSON::PP->new->utf8->decode($list->{content});
    is_deeply [grep { !m{^\Q$base\E/api/books\?} } grep {defined} @{ $body->{links} // $body }{qw(self first prev next last)}], [], 'links in the body';
    my @links = header($list, 'Link') =~ /<([^>]*)>/g;
    cmp_ok scalar @links, '>', 1, 'and in the header';
    is_deeply [grep { !m{^\Q$base\E/api/(?:books\?|openapi\.json$)} } @links], [];
    is header(GET('/api/nope'), 'Content-Type'), 'application/problem+json', 'errors are JSON below its own path';
    is header(GET('/nope'), 'Content-Type'), 'text/html; charset=utf-8', 'but not elsewhere';
};

topic 'page files' => 8, sub {
    my $file;
    my $find = sub { wait_for('a file', 10, sub { header($file = GET('/list'), 'Cache-Status') =~ /page-file/ }) };
    $find->();
    is_deeply [grep { !m{^(?:#|\Q$base\E/)} } hrefs($file)], [], 'their links';
    my $etag = header($file, 'ETag');
    is GET('/list', 'If-None-Match' => $etag)->{status}, 304;
    is header(GET('/list', 'Accept-Encoding' => 'gzip'), 'Content-Encoding'), 'gzip';
    is POST('/add', { book_id => '!A', title => 'Above' })->{status}, 303;
    is +(rows(GET('/list')))[0][1], 'Above', 'the very next page has a change';
    $find->();
    my $folder = readlink $stack->pages . '/current';
    $stack->stop_pool;
    local $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_BASE => '/elsewhere' };
    $stack->start_pool;
    ok wait_for('files of the other base path', 10, sub { (readlink($stack->pages . '/current') // $folder) ne $folder }), 'another base path withdraws them';
    my $page = GET('/list');
    is $page->{status}, 404, 'and what comes from elsewhere is not served';
    is_deeply [grep { !m{^(?:#|/elsewhere/)} } hrefs($page)], [], 'but with links to the site';
    $stack->stop_pool;
};

topic 'pages that nginx answers with' => 9, sub {
    my $gone = GET('/add');
    is $gone->{status}, 503, 'without workers';
    is header($gone, 'Retry-After'), 5;
    my $large = POST('/add', 'x' x 200_000);
    is $large->{status}, 413, 'too large';
    for my $page ($gone, $large) {
        my @named = map { $_->[1]{src} // $_->[1]{href} // () } tags($page);
        cmp_ok scalar @named, '>', 4;
        is_deeply [grep { !m{^\Q$base\E/} } @named], [], 'their links';
    }
    is header(GET('/api/books'), 'Content-Type'), 'application/problem+json', 'for programs';
    is header(GET('/list?search=x'), 'Content-Security-Policy') =~ /default-src 'none'/, 1, 'with our policy';
    $stack->start_pool;
};

topic 'previews and feeds have the address of the site, if that is set' => 12, sub {
    add_book(book_id => '!P', title => 'Previewed', category => 'Paths');
    my $about = sub { +{ $_[0]{html} =~ /<meta property="og:(\w+)" content="([^"]*)">/g } };
    is_deeply $about->(GET('/')), {}, 'it is not';
    $stack->stop_pool;
    local $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_URL => my $site = 'https://books.example:8443' };
    $stack->start_pool;
    my %canonical = ('/' => '/', '/list?hide=edition&page=2&per_page=100' => '/list?page=2', '/books/!P' => '/books/%21P');
    for my $path (sort keys %canonical) {
        my $page = GET($path);
        my $url  = $site . $base . $canonical{$path};
        is $about->($page)->{url}, $url, "$path: its address";
        like $page->{html}, qr{<link rel="canonical" href="\Q$url\E">}, 'for search engines, too';
    }
    my $book = GET('/books/!P');
    is $about->($book)->{title}, 'Previewed', 'its title';
    like $book->{html}, qr{<meta name="description" property="og:description" content="Previewed\. Paths">};
    my ($picture) = $about->($book)->{image} =~ /^\Q$site\E(.*)/;
    is header(outside($picture), 'Content-Type'), 'image/png', 'its picture';
    is_deeply $about->(GET('/books/!nope')), {}, 'no book, no preview';
    like GET('/changes.atom')->{content}, qr{<id>\Q$site$base\E/changes</id>}, 'the feed, whatever the request calls the host';
};

my @no_site = ('books.example.org', 'ftp://a', 'https://', 'https://a/', 'https://a/books', 'https://a:', 'https://a:8x', 'https://a b', 'https://ü', 'https://' . 'a' x 93);

topic 'an address of the site that cannot be one is refused, by name' => @no_site + 2, sub {
    for my $url (@no_site) {
        my ($status, $out, $err) = cli({ BOOKSHARE_URL => $url }, 'check');
        ok $status != 0 && $err =~ /BOOKSHARE_URL must be an address such as/, $url;
    }
    is +(cli({ BOOKSHARE_URL => $_ }, 'check'))[0], 0, "a good one: $_" for 'http://127.0.0.1:8080', 'https://' . 'a' x 92;
};

my $longest = '/' . 'x' x 99;
my @bad     = ('books', '/', '/a/', '//a', '/a//b', '/.', '/..', '/a/../b', '/a/./b', '/ü', '/a b', "/a\tb", '/%7Euser', '/a?b', '/a;b', '/a"b', "$longest.");

topic 'a base path that cannot be one is refused, by name' => 2 * @bad + 4, sub {
    for my $path (@bad) {
        my ($status, $out, $err) = cli({ BOOKSHARE_BASE => $path }, 'check');
        ok $status != 0 && $err =~ /BOOKSHARE_BASE must be a path such as/, "by the setting: $path";
        my ($made) = $stack->run_program('', $stack->script('bookshare-webconf'), 'nginx', $stack->dir . '/bad', $path);
        isnt $made, 0, 'and by bookshare-webconf';
    }
    for my $path ($longest, '/~user/a-b_c.d') {
        is +(cli({ BOOKSHARE_BASE => $path }, 'check'))[0], 0, "a good one: $path";
        is +($stack->run_program('', $stack->script('bookshare-webconf'), 'nginx', $stack->dir . '/good', $path, $stack->static_root))[0], 0;
    }
};

run_topics;
