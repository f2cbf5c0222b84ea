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

# What a form sends that was opened before somebody else saved; returns it and what they saved.
sub overtaken {
    my (%mine) = @_;
    my %theirs = (title => 'Theirs', category => 'Poetry', authors => 'A', publisher => '', edition => '', available_from => '');
    my $has    = inputs(GET('/update/!UP-1?page=2'), qr{^/update/});
    POST('/update/!UP-1', \%theirs)->{status} == 303 or die 'not saved';
    return ({ %$has, %theirs, %mine }, \%theirs);
}

topic 'a book that was changed since the form was opened: 409, and nothing is lost on either side' => 11, sub {
    my ($sent, $theirs) = overtaken(title => 'Mine', publisher => 'My <own>');
    like $sent->{seen}, qr/^[0-9a-f]{16}$/, 'the form says which state it shows';
    my $answer = POST('/update/!UP-1', $sent);
    is $answer->{status}, 409;
    is stored('!UP-1')->[1], 'Theirs', 'what is stored stays';
    my $has = inputs($answer, qr{^/update/});
    is_deeply { map { $_ => $has->{$_} } @fields, 'page' }, { map { $_ => $sent->{$_} } @fields, 'page' }, 'every entry is kept';
    shows $answer, qr/changed by somebody else since you opened it/;
    is_deeply [visible($answer) =~ /Stored now: (\w+)/g], ['Theirs', 'nothing'], 'and what is stored stands beside what differs';
    ok +(grep { m{^/update/(%21|!)UP-1\?page=2$} } hrefs($answer)), 'it leads to the present values';
    isnt $has->{seen}, $sent->{seen}, 'it has seen these now';
    is POST('/update/!UP-1', $has)->{status}, 303, 'sent again it is saved';
    is stored('!UP-1')->[1], 'Mine';
    is POST('/update/!UP-1', $has)->{status}, 303, 'and once more, as it is stored already';
};

topic 'what was seen passes through a refusal; without it nothing is compared' => 5, sub {
    my ($sent) = overtaken(title => '');
    my $has = inputs(POST('/update/!UP-1', $sent), qr{^/update/});
    is $has->{seen}, $sent->{seen};
    is POST('/update/!UP-1', { %$has, title => 'Late' })->{status}, 409;
    is POST('/update/!UP-1', { %$has, title => 'Late', seen => "\xff<" })->{status}, 409, 'nonsense is no pass';
    delete $has->{seen};
    is POST('/update/!UP-1', { %$has, title => 'Late' })->{status}, 303;
    is stored('!UP-1')->[1], 'Late';
};

topic 'a book that was deleted since the form was opened can be added anew' => 6, sub {
    add_book(book_id => '!UP-3', title => 'Here');
    my $has = inputs(GET('/update/!UP-3'), qr{^/update/});
    is POST('/delete/!UP-3', {})->{status}, 303;
    my $answer = POST('/update/!UP-3', { %$has, title => 'Kept' });
    is $answer->{status}, 409;
    shows $answer, qr/deleted by somebody else/;
    $has = inputs($answer, qr{^/add});
    is "$has->{book_id} $has->{title}", '!UP-3 Kept', 'every entry is kept';
    is POST('/add', $has)->{status}, 303;
    is stored('!UP-3')->[1], 'Kept';
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
