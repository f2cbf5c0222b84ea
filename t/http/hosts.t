# The host names that the site accepts, and the origins that may write.

use v5.20;
use warnings;
use utf8;

use BookShare::FastCGI;
use BookShare::Test;

my $stack = stack(rows => 20, page_files => 1);
my $port  = $stack->port;

# The status of a request with these headers, through nginx.
sub status {
    my ($line, @headers) = @_;
    my $body = $line =~ /^POST/ ? 'book_id=%21evil&title=Evil' : '';
    return raw(join "\r\n", "$line HTTP/1.1", @headers, 'Connection: close', 'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: ' . length $body, '', $body)->{status};
}

topic 'a foreign host name that resolves to us gets nothing: no page, no file, no write' => 6, sub {
    warm();
    my @evil = ("Host: evil.example:$port", "Origin: http://evil.example:$port", 'Sec-Fetch-Site: same-origin');
    is status("GET $_", @evil), 421, $_ for '/', '/list', '/static/openapi.json', '/api/books';
    is status('POST /add', @evil), 421, 'POST /add';
    is stored('!evil'), undef, 'and nothing was written';
};

topic 'our host names work, with any port, in any case' => 6, sub {
    is status('GET /add', "Host: $_"), 200, $_ for "localhost:$port", "127.0.0.1:$port", "[::1]:$port", 'LocalHost', 'localhost.';
    is raw("GET /add HTTP/1.0\r\n\r\n")->{status}, 200, 'a client that names none is not a browser';
};

# A worker alone, behind a server that lets any name through.
topic 'a worker looks itself' => 8, sub {
    my @cases = (
        ['books.example.org, books.example.net', 'books.example.net', 200], ['books.example.org', 'BOOKS.example.org:8080', 200],
        ['books.example.org', 'example.org', 421], ['books.example.org', 'books.example.org.evil.example', 421],
        ['books.example.org', 'evilbooks.example.org', 421], ['books.example.org', '', 421], ['[::1]', '[::1]:80', 200],
        ['', 'anything', 200],
    );
    for my $n (0 .. $#cases) {
        my ($hosts, $host, $status) = @{ $cases[$n] };
        my $worker = BookShare::FastCGI->new($stack->program('bookshare-worker'), $stack->dir . "/own$n", $stack->log('worker'),
            $stack->env, BOOKSHARE_SETTINGS => '/dev/null', BOOKSHARE_HOSTS => $hosts);
        is $worker->receive($worker->send(GET => '/add', undef, HTTP_HOST => $host))->{status}, $status, "'$host' at '$hosts'";
        $worker->signal('TERM');
        $worker->wait(10);
    }
};

topic 'an old browser says where a write comes from: scheme and host must be ours' => 4, sub {
    my @host = ("Host: localhost:$port");
    is status('POST /add', @host, "Origin: https://localhost:$port"), 403, 'another scheme';
    is status('POST /add', @host, 'Origin: http://localhost'),        403, 'another port';
    is status('POST /add', @host, 'Origin: null'),                    403, 'no origin at all';
    is status('POST /add', @host, "Origin: http://localhost:$port"),  303, 'our own';
};

run_topics;
