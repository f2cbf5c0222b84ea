# A form or request with a key is written once, however often it is sent, and answered each time as the first time.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 20, workers => 4);
people_of($stack);
my $codec = JSON::PP->new->utf8->canonical;

sub changes { return ($stack->mysql('SELECT COUNT(*) FROM music_changes'))[0][0] }
sub keys_kept { return ($stack->mysql('SELECT COUNT(*) FROM music_sent'))[0][0] }

# What a client can tell of an answer to a form: its status, where it leads, and what the message will say.
sub told { my ($answer) = @_; return join ' ', $answer->{status}, header($answer, 'Location'), header($answer, 'Set-Cookie') =~ s/;.*//r }

# Sends the only form on a page that leads somewhere, with changes to its fields; twice, with something in between.
sub twice {
    my ($form, $where, $fields, $between) = @_;
    my %sent = (%$form, %$fields);
    my $first = POST($where, \%sent);
    $between->() if $between;
    my $before = changes();
    return (told($first), told(POST($where, \%sent)), changes() - $before);
}

topic 'sent five times at once: one book, and five equal answers' => 4, sub {
    my $form = inputs(GET('/add'), qr{^/add});
    like $form->{once}, qr/^[\w-]{43}$/, 'the form has a key';
    isnt $form->{once}, inputs(GET('/add'), qr{^/add})->{once}, 'of its own';
    my $before  = changes();
    my @running = map { behind(sub { told(POST('/add', { %$form, book_id => '!FIVE', title => 'x' })) }) } 1 .. 5;
    is_deeply [map { $_->() } @running], [('303 /list#b-%21FIVE bookshare_flash=added.0.%21FIVE') x 5];
    is changes() - $before, 1, 'one change';
};

my %between = (
    update  => ['/update/!FIVE', qr{^/update/}, { title => 'y' }],
    delete  => ['/delete/!FIVE', qr{^/delete/}, {}],
    restore => ['/books/!FIVE', qr{/restore$}, {}],
);

topic 'each form, sent again after somebody else has written the book: nothing is written' => 3 * 3, sub {
    for my $what (qw(update delete restore)) {
        my ($page, $form, $fields) = @{ $between{$what} };
        my $answer = GET($page);
        my ($action) = $answer->{html} =~ m{action="(/[^"]*(?:update|delete|restore)[^"]*)"};
        my $other = $what eq 'delete' ? sub { add_book(book_id => '!FIVE', title => 'Theirs'); POST('/delete/!FIVE', {}) }
            : sub { POST('/update/!FIVE', { title => 'Theirs' }) };
        my ($first, $second, $changes) = twice(inputs($answer, $form), $action, $fields, $other);
        like $first, qr/^303 /, $what;
        is $second, $first, 'the same answer';
        is $changes, 0, 'and no change';
    }
};

topic 'an undo sent again, and a merged update' => 4, sub {
    my $page = follow(POST('/update/!FIVE', { title => 'Before' }));
    my ($first, $second, $changes) = twice(inputs($page, qr/restore$/), '/books/!FIVE/restore', {}, sub { POST('/update/!FIVE', { title => 'Later' }) });
    is $second, $first;
    is $changes, 0;
    my $form = inputs(GET('/update/!FIVE'), qr/update/);
    POST('/update/!FIVE', { title => 'Later', edition => '2nd' });
    ($first, $second) = twice($form, '/update/!FIVE', { title => 'Mine' }, sub { POST('/delete/!FIVE', {}) });
    like $first, qr/=merged\./;
    is $second, $first, 'even if the book is gone';
};

topic 'an update that changes nothing is known, too' => 3, sub {
    add_book(book_id => '!SAME', title => 'Same');
    my ($first, $second, $changes) = twice(inputs(GET('/update/!SAME'), qr/update/), '/update/!SAME', {}, sub { POST('/update/!SAME', { title => 'Theirs' }) });
    is $second, $first;
    is $changes, 0;
    is stored('!SAME')->[1], 'Theirs';
};

topic 'the same key with other input: refused, and the form comes back with a new key' => 7, sub {
    my %sent = (%{ inputs(GET('/add'), qr{^/add}) }, book_id => '!ONE', title => 'One');
    POST('/add', \%sent);
    my $answer = POST('/add', { %sent, book_id => '!TWO' });
    is $answer->{status}, 409;
    shows $answer, qr/sent this form before, with other input, and that was saved as the book !ONE\./;
    is stored('!TWO'), undef, 'nothing is written';
    my $form = inputs($answer, qr{^/add});
    is $form->{book_id}, '!TWO', 'the input is kept';
    is POST('/add', $form)->{status}, 303, 'and sent again it is saved';

    %sent = (%{ inputs(GET('/update/!ONE'), qr/update/) }, title => 'Uno');
    POST('/update/!ONE', \%sent);
    $form = inputs(POST('/update/!ONE', { %sent, edition => '2nd' }), qr/update/);
    is $form->{base_title}, 'Uno', 'of an update, with the stored book as its base';
    POST('/update/!ONE', $form);
    is stored('!ONE')->[5], '2nd';
};

topic 'a form that was refused has the same key, since it may be sent again' => 2, sub {
    my %sent = (%{ inputs(GET('/add'), qr{^/add}) }, book_id => '!BAD', title => '');
    my $form = inputs(POST('/add', \%sent), qr{^/add});
    is $form->{once}, $sent{once};
    is POST('/add', { %$form, title => 'Good' })->{status}, 303;
};

topic 'a key has 1 to 128 visible characters' => 5, sub {
    my %status = map { $_ => POST('/add', { book_id => '!KEY', title => 'x', once => $_ })->{status} } '', 'x' x 129, 'a b', 'é';
    is_deeply [values %status], [(400) x 4];
    is stored('!KEY'), undef;
    is POST('/add', { book_id => '!KEY', title => 'x', once => 'x' x 128 })->{status}, 303;
    is POST('/add', { book_id => '!KEY', title => 'x' })->{status}, 409, 'without one, a form is written each time';
    is request('DELETE', '/api/books/!KEY', undef, 'Idempotency-Key' => '"x')->{status}, 400, 'the API, too';
};

# Sends a request to the API: a hash, or nothing.
sub api {
    my ($method, $path, $what, %headers) = @_;
    $headers{'Content-Type'} = $method eq 'PATCH' ? 'application/merge-patch+json' : 'application/json' if $what;
    return request($method, $path, $what && $codec->encode($what), %headers);
}

sub api_told { my ($answer) = @_; return join ' ', $answer->{status}, map({ header($answer, $_) } qw(Location ETag)), $answer->{content} // '' }

topic 'the API: the same answer, with the book as it was then' => 13, sub {
    for (
        ['POST',   '/api/books',       { book_id => '!API', title => 'x' }, 'k1'],
        ['PATCH',  '/api/books/!API',  { edition => '2nd' },                'k2'],
        ['PUT',    '/api/books/!API',  { title => 'y' },                    'k3'],
        ['DELETE', '/api/books/!API',  undef,                               'k4'],
    ) {
        my ($method, $path, $what, $key) = @$_;
        my @if = $method eq 'POST' ? () : ('If-Match' => header(GET('/api/books/!API'), 'ETag'));
        my $first = api($method, $path, $what, 'Idempotency-Key' => qq("$key"), @if);
        like $first->{status}, qr/^20/, $method;
        api('PUT', '/api/books/!API', { title => 'Theirs' });
        my $before = changes();
        is api_told(api($method, $path, $what, 'Idempotency-Key' => $key, @if)), api_told($first), 'again, without the quotation marks';
        is changes(), $before;
    }
    my $answer = api('POST', '/api/books', { book_id => '!API2', title => 'x' }, 'Idempotency-Key' => 'k1');
    is $answer->{status}, 422, 'another request with this key is refused';
};

topic 'a key is kept for a day, and removed by later ones, ten at a time' => 3, sub {
    $stack->mysql('UPDATE music_sent SET sent_at = UTC_TIMESTAMP() - INTERVAL 86390 SECOND');
    my $kept = keys_kept();
    cmp_ok $kept, '>', 11;
    POST('/update/!ONE', { title => 'Old', once => 'n1' });
    is keys_kept(), $kept + 1;
    $stack->mysql('UPDATE music_sent SET sent_at = UTC_TIMESTAMP() - INTERVAL 86401 SECOND');
    POST('/update/!ONE', { title => 'Older', once => 'n2' });
    is keys_kept(), $kept + 1 - 10 + 1;
};

topic 'the same key from somebody else is another one' => 2, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_AUTH} = 'accounts';
    $stack->start_pool;
    for my $name ('ann', 'ben') {
        add_person($name, 'editor');
        is POST('/update/!ONE', { title => "by $name", once => 'k' }, signed_in($name))->{status}, 303, $name;
    }
};

run_topics;
