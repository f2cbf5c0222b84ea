# Updating a book: the form holds what is stored, and what is sent is what is stored then.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack  = stack(rows => 250);
my @fields = qw(title category authors publisher edition available_from);
my %book   = (
    book_id => '!UP-1', title => 'Old "title" & more', category => 'Fiction', authors => q{Zoë O'Neill},
    publisher => 'Müller <Sons>', edition => '1st', available_from => '2024-02-29',
);
add_book(%book);
add_book(book_id => '!UP-2', title => 'Its neighbour');

topic 'the form' => 5, sub {
    my $form = GET('/update/%21UP-1?page=2&search=abc');
    is $form->{status}, 200;
    my $has = inputs($form, qr{^/update/});
    is_deeply { map { $_ => $has->{$_} } @fields }, { map { $_ => $book{$_} } @fields }, 'holds the book';
    is $has->{back}, 'page=2&search=abc', 'and the way back';
    ok !exists $has->{book_id}, 'but no ID to edit';
    ok +(grep { m{^/delete/(%21|!)UP-1\b} } hrefs($form)), 'it leads to delete';
};

topic 'the book is changed' => 7, sub {
    warm('/list');
    my %new    = (%book, title => 'New title', category => 'Poetry', authors => 'Лев', edition => '2nd');
    my $answer = POST('/update/!UP-1', { map({ $_ => $new{$_} } @fields), back => '' });
    is $answer->{status}, 303;
    is header($answer, 'Set-Cookie') =~ s/;.*//r, 'bookshare_done=updated.%21UP-1';
    is_deeply stored('!UP-1'), [@new{ 'book_id', @fields }], 'MySQL has it';
    my $page = follow($answer);
    shows $page, qr/!UP-1.*updated|updated.*!UP-1/i, 'the next page says so';
    is +(grep { $_->[0] eq '!UP-1' } rows($page))[0][1], 'New title', 'and shows it';
    shows warm('/list'), qr/!UP-1 New title/, 'and so does the page from Redis';
    is stored('!UP-2')->[1], 'Its neighbour', 'its neighbour is as it was';
};

topic 'sending the form as it is changes nothing and is no error' => 2, sub {
    my $has = inputs(GET('/update/!UP-1'), qr{^/update/});
    is POST('/update/!UP-1', $has)->{status}, 303;
    is stored('!UP-1')->[1], 'New title';
};

topic 'an optional field can be emptied' => 2, sub {
    is POST('/update/!UP-1', { title => 'Bare', map { $_ => '' } @fields[1 .. 5] })->{status}, 303;
    is_deeply stored('!UP-1'), ['!UP-1', 'Bare', (undef) x 5];
};

topic 'the ID never changes' => 3, sub {
    is POST('/update/!UP-1', { title => 'Moved?', book_id => '!UP-2' })->{status}, 303;
    is stored('!UP-1')->[1], 'Moved?';
    is stored('!UP-2')->[1], 'Its neighbour';
};

topic 'bad input: 422, and the form keeps what was typed' => 5, sub {
    my %bad = (
        title => '', category => 'Kept & "so"', authors => 'A', publisher => 'P', edition => 'E',
        available_from => '2024-02-30',
    );
    my $answer = POST('/update/!UP-1', { %bad, back => 'page=2&search=abc' });
    is $answer->{status}, 422;
    my $has = inputs($answer, qr{^/update/});
    is_deeply { map { $_ => $has->{$_} } @fields }, \%bad, 'every field';
    is $has->{back}, 'page=2&search=abc', 'and the way back';
    is scalar(having($answer, 'aria-invalid' => 'true')), 2, 'both errors are marked';
    is stored('!UP-1')->[1], 'Moved?', 'nothing is written';
};

my @gone = ('/update/NOPE', '/update/%21up-1', '/update/%E6%97%A5', '/update/' . 'x' x 31, '/update/%ff');

topic 'no such book: 404' => 2 * @gone, sub {
    for my $path (@gone) {
        is GET($path)->{status}, 404, "GET $path";
        is POST($path, { title => 'x' })->{status}, 404, "POST $path";
    }
};

topic 'no ID, no page' => 2, sub {
    is GET('/update')->{status},  404;
    is GET('/update/')->{status}, 404;
};

run_topics;
