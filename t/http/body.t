# Limits of a POST body: 65,536 bytes of a form, and no other media type.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 10);
my $limit = 65536;
my $type  = 'application/x-www-form-urlencoded';

# A form of exactly this many bytes that adds the book.
sub form_of {
    my ($id, $bytes) = @_;
    my $form = "book_id=$id&title=x&padding=";
    return $form . 'x' x ($bytes - length $form);
}

topic 'a form of 64 KB, and of one byte more' => 8, sub {
    is POST('/add', form_of('!FULL', $limit))->{status}, 303, '65,536 bytes';
    ok stored('!FULL'), 'are taken';
    my $answer = POST('/add', form_of('!OVER', $limit + 1));
    is $answer->{status}, 413, '65,537 bytes';
    like header($answer, 'Content-Type'), qr{^text/html}, 'a page says so';
    is stored('!OVER'), undef, 'nothing is written';
    is POST('/add', form_of('!HUGE', 5_000_000))->{status}, 413, '5 MB';
    is POST('/update/!FULL', form_of('!FULL', $limit + 1))->{status}, 413, 'to another address';
    is POST('/list', 'search=' . 'x' x $limit)->{status}, 413, 'and for a search';
};

topic 'every byte of a long form is read' => 3, sub {
    my $form   = form_of('!LAST', $limit - 20) . '&authors=The+End';
    my $answer = POST('/add', $form);
    is $answer->{status}, 303;
    is +(stored('!LAST') // [])->[3], 'The End', 'to the last field';
    my $many = POST('/add', 'book_id=!MANY&title=x' . '&a=b' x 10_000);
    like $many->{status}, qr/^(303|400)$/, 'ten thousand fields do no harm';
};

my @wrong = (
    'text/plain', 'multipart/form-data; boundary=x', 'application/json', "${type}x", 'application/x-www-form', '',
);

topic 'another type: 415' => 2 * @wrong, sub {
    for my $wrong (@wrong) {
        is POST('/add', 'book_id=!TYPE&title=x', 'content-type' => $wrong)->{status}, 415, $wrong || 'an empty type';
        is stored('!TYPE'), undef, 'nothing is written';
    }
};

my @right = ($type, "$type; charset=UTF-8", "$type;charset=utf-8", uc $type);

topic 'the type in other words' => scalar @right, sub {
    my $n = 0;
    is POST('/add', 'book_id=!RIGHT' . $n++ . '&title=x', 'content-type' => $_)->{status}, 303, $_ for @right;
};

sub post_raw {
    my ($headers, $body) = @_;
    return raw("POST /add HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n$headers\r\n$body");
}

topic 'posts that browsers do not send' => 7, sub {
    is post_raw("Content-Length: 22\r\n", 'book_id=!NOTYPE&title=')->{status}, 415, 'no type';
    is post_raw("Content-Type: $type\r\nContent-Length: 0\r\n", '')->{status}, 422, 'an empty body';
    is post_raw("Content-Type: $type\r\n", '')->{status}, 422, 'no body';
    my $chunks = join '', map { sprintf "%x\r\n%s\r\n", length, $_ } 'book_id=!CH', 'UNKED&ti', 'tle=In+pieces', '';
    is post_raw("Content-Type: $type\r\nTransfer-Encoding: chunked\r\n", $chunks)->{status}, 303, 'in chunks';
    is +(stored('!CHUNKED') // [])->[1], 'In pieces', 'which are put together';
    is post_raw("Content-Type: $type\r\nContent-Length: -1\r\n", 'x')->{status}, 400, 'a length below nothing';
    my $lengths = "Content-Length: 5\r\nContent-Length: 6\r\n";
    is post_raw("Content-Type: $type\r\n$lengths", 'title=')->{status}, 400, 'two lengths';
};

topic 'forms written oddly' => 6, sub {
    is POST('/add', '&&book_id=!ODD1&&title=x&&')->{status}, 303, 'empty pairs';
    is POST('/add', 'book_id=!ODD2&title=a=b')->{status}, 303, 'a value with =';
    is +(stored('!ODD2') // [])->[1], 'a=b';
    is POST('/add', 'book_id=first&book_id=!ODD3&title=x&title=the+last')->{status}, 303, 'names twice';
    is +(stored('!ODD3') // [])->[1], 'the last', 'the last wins';
    is POST('/add', 'b%6Fok_id=!ODD4&titl%65=%41%zz%4')->{status} == 303 && +(stored('!ODD4') // [])->[1], 'A%zz%4',
        'a per cent sign that starts nothing is itself';
};

run_topics;
