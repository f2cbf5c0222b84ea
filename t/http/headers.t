# Headers and methods of every response, HTML and JSON errors, and origins that may write.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 10);
add_book(book_id => '!HERE', title => 'Here');
my ($host) = $stack->url('/') =~ m{^http://([^/]+)/};

my %always = (
    'Content-Security-Policy' => "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; "
        . "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options' => 'nosniff',
    'Referrer-Policy'        => 'same-origin',
);

my @kinds = (
    ['home',               200, sub { GET('/') }],
    ['list',               200, sub { GET('/list') }],
    ['search',             200, sub { GET('/list?search=here') }],
    ['add form',           200, sub { GET('/add') }],
    ['update form',        200, sub { GET('/update/!HERE') }],
    ['delete page',        200, sub { GET('/delete/!HERE') }],
    ['timings',            200, sub { GET('/timings') }],
    ['HEAD',               200, sub { HEAD('/') }],
    ['after a write',      303, sub { POST('/update/!HERE', { title => 'Here' }) }],
    ['after a search',     303, sub { POST('/list', { search => 'x' }) }],
    ['bad page',           400, sub { GET('/list?page=0') }],
    ['cross-site',         403, sub { POST('/add', {}, 'sec-fetch-site' => 'cross-site') }],
    ['unknown path',       404, sub { GET('/nope') }],
    ['unknown book',       404, sub { GET('/update/nope') }],
    ['past the end',       404, sub { GET('/list?page=9') }],
    ['wrong method',       405, sub { request('PUT', '/list') }],
    ['ID taken',           409, sub { POST('/add', { book_id => '!HERE', title => 'x' }) }],
    ['too long',           413, sub { POST('/add', 'x' x 70_000) }],
    ['wrong type',         415, sub { POST('/add', 'x', 'content-type' => 'text/plain') }],
    ['bad input',          422, sub { POST('/add', {}) }],
    ['JSON',               404, sub { GET('/nope', accept => 'application/json') }],
    ['a file',             200, sub { GET(+(grep { /bookshare\.css/ } map { $_->[1]{href} // () } tags(GET('/')))[0]) }],
    ['no such file',       404, sub { GET('/static/nope.css') }],
    ['nginx: bad request', 400, sub { GET('/%zz') }],
    ['nginx: long line',   414, sub { GET('/list?search=' . 'x' x 100_000) }],
);

topic 'the headers of every kind of answer' => 4 * @kinds, sub {
    for (@kinds) {
        my ($name, $status, $ask) = @$_;
        my $answer = $ask->();
        is $answer->{status}, $status, $name;
        is header($answer, $_), $always{$_}, "$name: $_" for sort keys %always;
    }
};

topic 'nothing is kept by a cache without asking, and private pages not at all' => 8, sub {
    like header(GET($_), 'Cache-Control'), qr/no-cache|no-store/, $_ for '/', '/list', '/nope', '/list?page=0';
    like header(GET($_), 'Cache-Control'), qr/no-store/, $_ for '/update/!HERE', '/delete/!HERE';
    like header(POST('/add', {}), 'Cache-Control'), qr/no-store/, 'a form that comes back';
    like header(follow(add_book(book_id => '!SAID')), 'Cache-Control'), qr/no-store/, 'a page with a message';
};

topic 'a path that is not there: 404, with a way on' => 8, sub {
    for my $path ('/nope', '/list/', '/list/2', '/LIST', '/add/', '/delete/', '/index.html', '/static') {
        my $answer = GET($path);
        ok $answer->{status} == 404 && grep({ m{^/} } hrefs($answer)) > 0, $path;
    }
};

my %methods = (
    '/'             => 'GET HEAD OPTIONS',
    '/list'         => 'GET HEAD OPTIONS POST',
    '/add'          => 'GET HEAD OPTIONS POST',
    '/update/!HERE' => 'GET HEAD OPTIONS POST',
    '/delete/!HERE' => 'GET HEAD OPTIONS POST',
    '/timings'      => 'GET HEAD OPTIONS POST',
);

topic 'another method: 405, and Allow tells which there are' => 2 * (4 * keys(%methods) + 1), sub {
    for my $path (sort keys %methods) {
        for my $method ('PUT', 'DELETE', 'PATCH', $path eq '/' ? 'POST' : 'FROB') {
            my $answer = request($method, $path);
            is $answer->{status}, 405, "$method $path";
            is join(' ', sort split /,\s*/, header($answer, 'Allow')), $methods{$path}, 'Allow';
        }
    }
    my $answer = request('DELETE', '/nope');
    is $answer->{status}, 404, 'but of a path that is not there';
    is header($answer, 'Allow'), '';
};

# Sec-Fetch-Site, Origin, and whether the write counts. '-' is no header.
my @sites = (
    ['same-origin', '-',                     303],
    ['none',        '-',                     303],
    ['same-origin', "http://$host",          303],
    ['same-site',   '-',                     403],
    ['cross-site',  '-',                     403],
    ['cross-site',  "http://$host",          403],
    ['nonsense',    '-',                     403],
    ['-',           '-',                     303],
    ['-',           "http://$host",          303],
    ['-',           'http://evil.example',   403],
    ['-',           "http://$host.evil.example", 403],
    ['-',           "http://evil.example/$host", 403],
    ['-',           "http://127.0.0.1:1",    403],
    ['-',           'null',                  403],
);

sub titles { return join '|', map { $_->[0] } $stack->mysql('SELECT title FROM music ORDER BY book_id') }

topic 'writes from another site: 403, and nothing is written' => 5 * @sites, sub {
    my $n = 0;
    for (@sites) {
        my ($site, $origin, $status) = @$_;
        my %headers = (($site eq '-' ? () : ('sec-fetch-site' => $site)), ($origin eq '-' ? () : (origin => $origin)));
        my $name    = "Sec-Fetch-Site: $site, Origin: $origin";
        my $id      = '!SITE' . $n++;
        add_book(book_id => $id, title => 'x');
        my $before = titles();
        is POST('/add', { book_id => "$id+", title => 'x' }, %headers)->{status}, $status, "$name: add";
        is POST("/update/$id", { title => 'y' }, %headers)->{status}, $status, 'update';
        is titles() eq $before ? 403 : 303, $status, 'what is stored now';
        is POST("/delete/$id", {}, %headers)->{status}, $status, 'delete';
        is defined stored($id) ? 403 : 303, $status, 'what is left';
    }
};

topic 'reading does not write' => 10, sub {
    my $before = titles();
    for my $ask (\&GET, \&HEAD) {
        for my $path ('/delete/!HERE', '/delete/!HERE?_method=DELETE', '/update/!HERE?title=Changed',
            '/add?book_id=!GET&title=x', '/list?delete=!HERE') {
            $ask->($path);
            is titles(), $before, $path;
        }
    }
};

# Accept, and what an error comes as.
my @accept = (
    ['-',                                                               'text/html'],
    ['*/*',                                                             'text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['text/html, application/json;q=0.9',                               'text/html'],
    ['application/json;q=0.1, text/html;q=0.2',                         'text/html'],
    ['image/png',                                                       'text/html'],
    ['application/json;q=0, */*',                                       'text/html'],
    [',;=q,,;q',                                                        'text/html'],
    ['application/json',                                                'application/problem+json'],
    ['application/problem+json',                                        'application/problem+json'],
    ['Application/JSON; charset=utf-8',                                 'application/problem+json'],
    ['application/json, text/plain, */*',                               'application/problem+json'],
    ['text/html;q=0.5, application/json',                               'application/problem+json'],
);

topic 'an error comes as a page or as a problem, as Accept prefers' => scalar @accept, sub {
    for (@accept) {
        my ($accept, $type) = @$_;
        my $answer = GET('/nope', $accept eq '-' ? () : (accept => $accept));
        is header($answer, 'Content-Type') =~ s/;.*//r, $type, "Accept: $accept";
    }
};

topic 'a problem says what it is' => 8, sub {
    for (['/nope', 404], ['/list?page=0', 400], ['/update/nope%22', 404], ['/list?page=9', 404]) {
        my ($path, $status) = @$_;
        my $answer  = GET($path, accept => 'application/json');
        my $problem = eval { JSON::PP->new->utf8->decode($answer->{content}) } // {};
        is $answer->{status}, $status, $path;
        ok +($problem->{status} // 0) == $status && length($problem->{title} // ''), 'its body has status and title';
    }
};

run_topics;
