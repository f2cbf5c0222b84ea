# Answers are compressed for clients that accept that, and for nobody else.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use IO::Uncompress::Gunzip qw(gunzip);

my $stack = stack(rows => 250);
add_book(book_id => '!LONG', map { ($_ => 'ü' x 250) } qw(title authors publisher));
warm();
warm_index();

sub is_compressed { return header($_[0], 'Content-Encoding') eq 'gzip' }

# The content of an answer, without what differs from one to the next.
sub content {
    my ($answer) = @_;
    my $content = $answer->{content};
    is_compressed($answer) and !gunzip(\$answer->{content}, \$content) and die "not gzip: $answer->{content}";
    return $content =~ s/(?:Time took: |"seconds":|name="once" value=")[\w.-]+//gr;
}

my %small = ('accept-encoding' => 'gzip');

topic 'what a client accepts decides' => 26, sub {
    for ('gzip', 'gzip, deflate, br, zstd', 'br;q=1, GZIP;q=0.1', ' gzip ; q=1') {
        my $answer = GET('/list?search=e', 'accept-encoding' => $_);
        ok is_compressed($answer), $_;
        is header($answer, 'Vary'), 'Accept-Encoding', 'with the header for caches';
    }
    for ('', 'identity', 'br, deflate', 'gzip;q=0', 'gzip;Q=0', 'gzip; q=0.0, identity', 'xgzip', 'gzipped', '*;q=0') {
        my $answer = GET('/list?search=e', 'accept-encoding' => $_);
        ok !is_compressed($answer), "'$_'";
        is header($answer, 'Vary'), 'Accept-Encoding', 'with the header for caches';
    }
};

my @paths = ('/', '/list?page=2&per_page=50', '/list?search=e', '/add', '/books/!LONG', '/books/!LONG/history', '/changes', '/changes.atom',
    '/api/books?search=e', '/api/books/datatable?search%5Bvalue%5D=e&length=10', '/timings');
my %status = (map({ ($_ => 200) } @paths), '/list?page=99' => 404, '/nope' => 404);

topic 'it is the same, compressed or not' => 5 * keys %status, sub {
    for (sort keys %status) {
        my ($plain, $small) = (GET($_), GET($_, %small));
        ok is_compressed($small), "$_: compressed";
        is "$small->{status} $plain->{status}", "$status{$_} $status{$_}", 'of the right status';
        is content($small), content($plain), 'with the same content';
        is header($small, 'Content-Length'), length $small->{content}, 'of this length';
        like header($small, 'Vary'), qr/Accept-Encoding/, 'with the header for caches';
    }
};

topic 'kept answers, too' => 6, sub {
    for my $path ('/list?search=ea', '/api/books?search=ea') {
        my $kept = sub {
            my @headers = @_;
            my $answer;
            wait_for("a kept answer to $path", 10, sub { header($answer = GET($path, @headers), 'Cache-Status') =~ /kept/ });
            return $answer;
        };
        my ($small, $plain) = ($kept->(%small), $kept->());
        ok is_compressed($small), $path;
        ok !is_compressed($plain), 'nobody gets what others have asked for';
        is content($small), content($plain), 'with the same content';
    }
};

topic 'a client that has the page gets a 304, with the header for caches' => 4, sub {
    for my $path ('/list?search=e', '/api/books?search=e') {
        my $answer = GET($path, %small, 'if-none-match' => header(GET($path), 'ETag'));
        is $answer->{status}, 304, $path;
        is header($answer, 'Vary'), 'Accept-Encoding';
    }
};

topic 'a HEAD is answered like a GET' => 3, sub {
    my $head = HEAD('/add', %small);
    ok is_compressed($head);
    cmp_ok header($head, 'Content-Length'), '>', 500, 'with a length';
    is $head->{content} // '', '', 'and nothing else';
};

topic 'a book of the API is never compressed: its strong ETag names its bytes' => 4, sub {
    my $book = GET('/api/books/!LONG', %small);
    cmp_ok length $book->{content}, '>', 1000, 'though it is long enough';
    ok !is_compressed($book);
    like header($book, 'ETag'), qr/^"/, 'strong';
    is request('PATCH', '/api/books/!LONG', '{"edition":"2"}', 'content-type' => 'application/merge-patch+json',
        'if-match' => header($book, 'ETag'), %small)->{status}, 200, 'If-Match takes it';
};

topic 'what is streamed is compressed by nginx' => 3, sub {
    my ($plain, $small) = (GET('/export.csv'), GET('/export.csv', %small));
    ok is_compressed($small);
    ok !is_compressed($plain);
    is content($small), content($plain), 'with the same content';
};

run_topics;
