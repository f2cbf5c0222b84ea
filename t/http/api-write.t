# Writing through the API: POST, PUT, PATCH and DELETE, with and without preconditions; rejected requests change
# nothing.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 20, workers => 4);
my $codec = JSON::PP->new->utf8->canonical->allow_nonref;
my ($type, $patch) = ('application/json', 'application/merge-patch+json');
my ($host) = $stack->url('/') =~ m{^http://([^/]+)/};

sub json { return $codec->decode($_[0]{content}) }

# Sends JSON: a hash, or a body that is ready (bytes).
sub send_json {
    my ($method, $path, $what, %headers) = @_;
    my $body = !defined $what || !ref $what ? $what : $codec->encode($what);
    return request($method, $path, $body, 'content-type' => $method eq 'PATCH' ? $patch : $type, %headers);
}

sub titles { return join '|', map { "$_->[0]=$_->[1]" } $stack->mysql('SELECT book_id, title FROM music ORDER BY book_id') }

sub etag { return header(GET("/api/books/$_[0]"), 'ETag') }

topic 'POST adds a book' => 9, sub {
    my $answer = send_json('POST', '/api/books', { book_id => 'p/1', title => ' Ünïcode 🎉 ', authors => undef });
    is $answer->{status}, 201;
    is header($answer, 'Location'), '/api/books/p%2F1', 'Location';
    is header($answer, 'ETag'), etag('p%2F1'), 'ETag';
    is json($answer)->{title}, 'Ünïcode 🎉', 'the answer is the book as it is stored';
    is +(stored('p/1') // [])->[1], 'Ünïcode 🎉', 'it is stored';
    is json(GET('/api/books?per_page=1000'))->{total}, 21, 'and in the list at once';
    my $taken = send_json('POST', '/api/books', { book_id => 'p/1', title => 'x' });
    is $taken->{status}, 409, 'an ID that is taken';
    is header($taken, 'Content-Type'), 'application/problem+json';
    is json(send_json('POST', '/api/books', '{"book_id":"p2","title":"\ud83c\udf89\u00e4"}'))->{title}, '🎉ä', 'escapes';
};

topic 'PUT makes a book, and replaces it' => 10, sub {
    my $answer = send_json('PUT', '/api/books/a%2Fb', { title => 'One', edition => '1' });
    is $answer->{status}, 201;
    is header($answer, 'Location'), '/api/books/a%2Fb', 'Location';
    $answer = send_json('PUT', '/api/books/a%2Fb', { book_id => 'a/b', title => 'Two' });
    is $answer->{status}, 200, 'again';
    is header($answer, 'Location'), '', 'without Location';
    is header($answer, 'ETag'), etag('a%2Fb'), 'ETag';
    is json(GET('/api/books/a%2Fb'))->{edition}, undef, 'what was not sent is gone';
    my $got = GET('/api/books/a%2Fb')->{content};
    is send_json('PUT', '/api/books/a%2Fb', $got)->{status}, 200, 'what GET gave can be PUT';
    is send_json('PUT', '/api/books/a%2Fb', { book_id => 'other', title => 'x' })->{status}, 422, 'another ID';
    is send_json('PUT', '/api/books/' . 'x' x 31, { title => 'x' })->{status}, 422, 'an ID too long';
    is send_json('PUT', '/api/books/%20x', { title => 'x' })->{status}, 422, 'a blank before it';
};

topic 'PATCH changes what it names' => 8, sub {
    send_json('PUT', '/api/books/patch', { title => 'T', authors => 'A', edition => 'E' });
    my $answer = send_json('PATCH', '/api/books/patch', { title => 'T2', edition => undef });
    is $answer->{status}, 200;
    is join(' ', map { $_ // '-' } @{ json($answer) }{qw(title authors edition)}), 'T2 A -', 'and null clears';
    is header($answer, 'ETag'), etag('patch'), 'ETag';
    is send_json('PATCH', '/api/books/patch', {})->{status}, 200, 'nothing to do';
    is send_json('PATCH', '/api/books/patch', { title => undef })->{status}, 422, 'a title is needed';
    is send_json('PATCH', '/api/books/patch', { book_id => 'x' })->{status}, 422, 'the ID stays';
    is send_json('PATCH', '/api/books/nope', { title => 'x' })->{status}, 404, 'no such book';
    is send_json('PATCH', '/api/books/patch', { title => 'x' }, 'content-type' => $type)->{status}, 415, 'another type';
};

topic 'DELETE' => 4, sub {
    send_json('PUT', '/api/books/gone', { title => 'x' });
    my $answer = request('DELETE', '/api/books/gone');
    is $answer->{status} . ($answer->{content} // ''), '204';
    is stored('gone'), undef, 'it is gone';
    is request('DELETE', '/api/books/gone')->{status}, 404, 'again';
    is send_json('DELETE', '/api/books/a%2Fb', 'x' x 9000)->{status}, 204, 'a body is ignored';
};

topic 'preconditions' => 17, sub {
    send_json('PUT', '/api/books/c', { title => 'One' });
    my $one = etag('c');
    is send_json('PUT', '/api/books/c', { title => 'Two' }, 'if-match' => $one)->{status}, 200, 'If-Match';
    my $two = etag('c');
    is send_json('PUT', '/api/books/c', { title => 'Two' }, 'if-match' => $one)->{status}, 200, 'sent twice';
    my $failed = send_json('PUT', '/api/books/c', { title => 'Three' }, 'if-match' => $one);
    is $failed->{status}, 412, 'an old one';
    is json($failed)->{status}, 412, 'is a problem';
    is send_json('PATCH', '/api/books/c', { title => 'Three' }, 'if-match' => $one)->{status}, 412, 'PATCH';
    is request('DELETE', '/api/books/c', undef, 'if-match' => $one)->{status}, 412, 'DELETE';
    is send_json('PUT', '/api/books/c', { title => 'Three' }, 'if-match' => "W/$two")->{status}, 412, 'a weak one';
    is etag('c'), $two, 'nothing was changed';
    is send_json('PUT', '/api/books/c', { title => 'Three' }, 'if-match' => "$one, $two")->{status}, 200, 'one of two';
    is send_json('PUT', '/api/books/c', { title => 'Four' }, 'if-match' => '*')->{status}, 200, 'any';
    is send_json('PUT', '/api/books/c-none', { title => 'x' }, 'if-match' => '*')->{status}, 412, 'any, but there is none';
    is request('DELETE', '/api/books/c-none', undef, 'if-match' => '*')->{status}, 404, 'which DELETE says by itself';
    is send_json('PUT', '/api/books/c', { title => 'Five' }, 'if-none-match' => '*')->{status}, 412, 'If-None-Match: *';
    is send_json('PUT', '/api/books/c-new', { title => 'x' }, 'if-none-match' => '*')->{status}, 201, 'and there is none';
    is send_json('PUT', '/api/books/c', { title => 'Five' }, 'if-none-match' => etag('c'))->{status}, 412, 'a tag';
    is send_json('PUT', '/api/books/c', { title => 'Five' }, 'if-none-match' => $one)->{status}, 200, 'another tag';
    is request('DELETE', '/api/books/c', undef, 'if-match' => etag('c'))->{status}, 204, 'DELETE';
};

# What is sent, the status, and what its text tells or points to.
my @refused = (
    ['',                                                400, qr/JSON/],
    ['{',                                               400, qr/JSON/],
    ['{"title":"x",}',                                  400, qr/JSON/],
    ['{"title":"x"} x',                                 400, qr/JSON/],
    ['{"title":"x"}{"title":"y"}',                      400, qr/JSON/],
    ["{'title':'x'}",                                   400, qr/JSON/],
    ['/* c */{"title":"x"}',                            400, qr/JSON/],
    ["{\"title\":\"a\tb\"}",                            400, qr/JSON/],
    ["{\"title\":\"\xff\"}",                            400, qr/UTF-8/],
    ["{\"title\":\"\xed\xa0\x80\"}",                    400, qr/UTF-8/],
    ["{\"\xc0\xaf\":\"x\"}",                            400, qr/UTF-8/],
    ["\xef\xbb\xbf{\"title\":\"x\"}",                   400, qr/JSON/],
    ['{"title":"\ud800"}',                              400, qr/half of a surrogate pair/],
    ['{"title":"\ud800\u0041"}',                        400, qr/half of a surrogate pair/],
    ['{"title":"\udc00"}',                              400, qr/half of a surrogate pair/],
    ['{"title":"\ud800',                                400, qr/half of a surrogate pair/],
    ['{"title":"\uzzzz"}',                              400, qr/JSON/],
    ['[]',                                              400, qr/object/],
    ['"x"',                                             400, qr/object/],
    ['null',                                            400, qr/object/],
    ['17',                                              400, qr/object/],
    ['[' x 20_000,                                      400, qr/object/],
    ['{"title":' . '[' x 20_000 . ']' x 20_000 . '}',   422, qr{#/title}],
    ['{"title":' . '{"a":' x 9_000,                     400, qr/JSON/],
    ['{"title":"x\u0000y"}',                            422, qr{#/title}],
    ['{"title":"x","title":"y"}',                       422, qr{#/title}],
    ['{"title":"x","titl\u0065":"y"}',                  422, qr{#/title}],
    ['{"title":"x","publishr":"y"}',                    422, qr{#/publishr}],
    ['{"title":"x","a/~ü":"y"}',                        422, qr{#/a~1~0%C3%BC}],
    ['{"title":"x","edition":3}',                       422, qr{#/edition}],
    ['{"title":"x","edition":true}',                    422, qr{#/edition}],
    ['{"title":"x","edition":{"a":["b"]}}',             422, qr{#/edition}],
    ['{"title":"x","edition":["b"]}',                   422, qr{#/edition}],
    ['{"title":1e999}',                                 422, qr{#/title}],
    ['{"title":"x","available_from":"2021-02-29"}',     422, qr{#/available_from}],
    ['{"title":"' . 'x' x 256 . '"}',                   422, qr{#/title}],
    ['{"title":"  "}',                                  422, qr{#/title}],
    ['{"title":null}',                                  422, qr{#/title}],
    ['{}',                                              422, qr{#/title}],
    ['{"title":"' . 'x' x 65_536 . '"}',                413, qr/65536/],
);

topic 'invalid input is rejected with a reason and changes nothing' => 4 * @refused + 1, sub {
    send_json('PUT', '/api/books/r', { title => 'Stays' });
    my $before = titles();
    for (@refused) {
        my ($body, $status, $text) = @$_;
        utf8::encode($body) if $body =~ /ü/;
        for my $method ('PUT', 'PATCH') {
            my ($want, $says) = ($status, $text);
            ($want, $says) = (200, qr/Stays/) if $method eq 'PATCH' && $body eq '{}';
            my $answer = send_json($method, '/api/books/r', $body);
            is $answer->{status}, $want, "$method " . substr $body, 0, 40;
            like $answer->{content}, $says, 'and why';
        }
    }
    is titles(), $before, 'nothing has changed';
};

topic 'all errors are reported at once' => 2, sub {
    my $answer = send_json('PUT', '/api/books/r', { edition => 'x' x 51, available_from => 'soon', colour => 'red', title => 1 });
    is $answer->{status}, 422;
    is join(' ', sort map { $_->{pointer} } @{ json($answer)->{errors} }),
        '#/available_from #/colour #/edition #/title', 'with a pointer to each';
};

topic 'types' => 7, sub {
    for ('text/plain', 'application/x-www-form-urlencoded', '', 'application/jsonx', 'application/json-patch+json') {
        is send_json('PUT', '/api/books/r', { title => 'x' }, 'content-type' => $_)->{status}, 415, $_ || 'none';
    }
    is send_json('PUT', '/api/books/r', { title => 'x' }, 'content-type' => 'Application/JSON; charset=utf-8')->{status},
        200, 'with a parameter';
    is header(request('OPTIONS', '/api/books/r'), 'Accept-Patch'), $patch, 'Accept-Patch';
};

topic 'writes from another site' => 8, sub {
    for my $method (qw(POST PUT PATCH DELETE)) {
        my $path = $method eq 'POST' ? '/api/books' : '/api/books/r';
        my $before = titles();
        my $answer = send_json($method, $path, { title => 'evil', book_id => 'r' }, origin => 'http://evil.example');
        is "$answer->{status} " . header($answer, 'Content-Type'), '403 application/problem+json', $method;
        is titles(), $before, 'nothing has changed';
    }
};

topic 'more than nginx lets through is a problem, too' => 2, sub {
    my $answer = send_json('PUT', '/api/books/r', '{"title":"' . 'x' x 200_000 . '"}');
    is "$answer->{status} " . header($answer, 'Content-Type'), '413 application/problem+json';
    is eval { json($answer)->{title} } ? 1 : 0, 1, 'with a title';
};

topic 'PATCHes at the same time: none is lost' => 2, sub {
    my @fields = qw(title category authors publisher edition);
    my $rounds = 30;
    send_json('PUT', '/api/books/race', { title => 'x' });
    my @children = map {
        my $field = $_;
        my $pid = fork // die "fork: $!";
        if (!$pid) {
            my $failed = 0;
            $failed += send_json('PATCH', '/api/books/race', { $field => "$field $_" })->{status} != 200 for 1 .. $rounds;
            require POSIX;
            POSIX::_exit($failed > 0);
        }
        $pid;
    } @fields;
    my $failed = 0;
    for (@children) { waitpid $_, 0; $failed += $? != 0 }
    is $failed, 0, 'each is answered with 200';
    my $book = json(GET('/api/books/race'));
    is join('|', map { $book->{$_} } @fields), join('|', map {"$_ $rounds"} @fields), 'and the last of each is there';
};

topic 'without MySQL' => 5, sub {
    $stack->kill('mysql', 'KILL');
    for my $method (qw(POST PUT PATCH DELETE)) {
        my $path = $method eq 'POST' ? '/api/books' : '/api/books/r';
        my $answer = send_json($method, $path, { title => 'late', book_id => $method eq 'POST' ? 'late' : 'r' });
        is "$answer->{status} " . header($answer, 'Content-Type'), '503 application/problem+json', $method;
    }
    ok header(request('DELETE', '/api/books/r'), 'Retry-After') > 0, 'Retry-After';
    allow(qr/MySQL/);
    $stack->start_mysql;
};

run_topics;
