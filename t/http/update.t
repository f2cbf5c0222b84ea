# Updating a book: the form shows the stored values, and the submitted values are stored.

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
    is header($answer, 'Set-Cookie') =~ s/;.*//r, 'bookshare_flash=updated.' . ($stack->mysql('SELECT version FROM music_version'))[0][0] . '.%21UP-1';
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

topic 'bad input: 422, and the form keeps its input' => 5, sub {
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

# What a form sends that was opened before somebody else saved, and what they saved.
my %before = (title => 'Before', category => 'Poetry', authors => 'A', publisher => 'P', edition => '1st', available_from => '2001-01-01');

sub overtaken {
    my ($mine, $theirs) = @_;
    POST('/update/!UP-1', \%before)->{status} == 303 or die 'not saved';
    my $has = inputs(GET('/update/!UP-1?page=2'), qr{^/update/});
    POST('/update/!UP-1', { %before, %$theirs })->{status} == 303 or die 'not saved';
    return { %$has, %$mine };
}

sub now { return { map { $fields[$_ - 1] => stored('!UP-1')->[$_] // '' } 1 .. @fields } }

topic 'fields that two have changed apart from each other: both are kept, and nobody is asked' => 6, sub {
    my $sent = overtaken({ edition => '2nd', publisher => '' }, { category => 'Drama', available_from => '' });
    is_deeply { map { $_ => $sent->{"base_$_"} } @fields }, \%before, 'the form says what its user has seen';
    my $answer = POST('/update/!UP-1', $sent);
    is $answer->{status}, 303;
    is_deeply now(), { %before, edition => '2nd', publisher => '', category => 'Drama', available_from => '' };
    shows follow($answer), qr/Book !UP-1 was updated\. Changes that someone else made meanwhile were kept\./;
    is POST('/update/!UP-1', $sent)->{status}, 303, 'sent once more';
    is_deeply now(), { %before, edition => '2nd', publisher => '', category => 'Drama', available_from => '' }, 'it changes nothing';
};

topic 'the same change by both is no collision' => 2, sub {
    is POST('/update/!UP-1', overtaken({ title => 'Alike' }, { title => 'Alike', edition => '3rd' }))->{status}, 303;
    is_deeply now(), { %before, title => 'Alike', edition => '3rd' };
};

# Two fields changed by both, one by them alone.
sub collision {
    return POST('/update/!UP-1',
        overtaken({ title => 'Mine', publisher => 'My <own>' }, { title => 'Theirs', publisher => '', category => 'Drama' }));
}

topic 'a true collision: 409, and each field of it is asked for by itself' => 12, sub {
    my $answer = collision();
    is $answer->{status}, 409;
    is stored('!UP-1')->[1], 'Theirs', 'what is stored stays';
    my $has = inputs($answer, qr{^/update/});
    is_deeply { map { $_ => $has->{$_} } @fields }, { %before, title => 'Mine', publisher => 'My <own>', category => 'Drama' },
        'my entries are kept, and their change is in the field that I left';
    is_deeply { map { $_ => $has->{"base_$_"} } @fields }, { %before, title => 'Theirs', publisher => '', category => 'Drama' },
        'what is stored has been seen now';
    shows $answer, qr/Someone else has changed this book since you opened it/;
    shows $answer, qr/Title When you opened it: Before Keep mine Take theirs: Theirs/, 'what it was, mine, theirs';
    shows $answer, qr/Publisher When you opened it: P Keep mine Take theirs: \(empty\)/;
    shows $answer, qr/Category Someone else has changed this\./, 'what was theirs alone is said';
    is_deeply [sort map { $_->{name} } having($answer, type => 'radio')],
        [qw(take_publisher take_publisher take_title take_title)], 'nothing else is asked';
    is scalar(grep { exists $_->{checked} } having($answer, type => 'radio')), 0, 'nothing is decided beforehand';
    ok +(grep { m{^/update/(%21|!)UP-1\?page=2$} } hrefs($answer)), 'it leads to the present values';
    is $has->{back}, 'page=2', 'and knows the way back';
};

# The form of a collision, ready to be answered.
sub asked {
    my $has = inputs(collision(), qr{^/update/});
    delete $has->{$_} for grep { /^take_/ } keys %$has;
    return $has;
}

topic 'the answers' => 6, sub {
    is POST('/update/!UP-1', { %{ asked() }, take_title => 'mine', take_publisher => 'theirs' })->{status}, 303;
    is_deeply now(), { %before, title => 'Mine', publisher => '', category => 'Drama' }, 'one mine, one theirs';
    is POST('/update/!UP-1', { %{ asked() }, take_title => 'mine', title => 'Both', take_publisher => 'mine' })->{status}, 303;
    is_deeply now(), { %before, title => 'Both', publisher => 'My <own>', category => 'Drama' }, 'mine, edited once more';
    is POST('/update/!UP-1', { %{ asked() }, take_title => 'theirs', take_publisher => 'theirs', edition => '9th' })->{status}, 303;
    is_deeply now(), { %before, title => 'Theirs', publisher => '', category => 'Drama', edition => '9th' }, 'theirs, and another field';
};

topic 'without an answer: 422, and it is asked again' => 7, sub {
    my $form   = asked();
    my $answer = POST('/update/!UP-1', { %$form, take_title => 'theirs', take_publisher => '?' });
    is $answer->{status}, 422;
    shows $answer, qr/Publisher : Please choose one of the two\./;
    my $has = inputs($answer, qr{^/update/});
    is "$has->{title} $has->{before_title} $has->{base_title}", 'Mine Before Theirs', 'with all of it';
    is join(' ', map { "$_->{name}=$_->{value}" } grep { exists $_->{checked} } having($answer, type => 'radio')), 'take_title=theirs';
    is POST('/update/!UP-1', { %$form, take_title => 'mine', title => '', take_publisher => 'mine' })->{status}, 422, 'a bad value';
    is POST('/update/!UP-1', { %$form, take_title => 'theirs', title => '', take_publisher => 'mine' })->{status}, 303,
        'which does not matter where theirs is taken';
    is_deeply now(), { %before, title => 'Theirs', publisher => 'My <own>', category => 'Drama' };
};

topic 'changed once more while I chose: only what collides again is asked again' => 4, sub {
    my $form = asked();
    POST('/update/!UP-1', { %before, title => 'Third', publisher => '', category => 'Essay' });
    my $answer = POST('/update/!UP-1', { %$form, take_title => 'theirs', take_publisher => 'mine' });
    is $answer->{status}, 303, 'theirs is what they have now';
    is_deeply now(), { %before, title => 'Third', publisher => 'My <own>', category => 'Essay' };
    $form = asked();
    POST('/update/!UP-1', { %before, title => 'Third', publisher => '' });
    $answer = POST('/update/!UP-1', { %$form, take_title => 'mine', take_publisher => 'theirs' });
    is $answer->{status}, 409;
    shows $answer, qr/Title When you opened it: Theirs Keep mine Take theirs: Third/;
};

topic 'what was seen passes through a refusal; without it nothing is compared' => 6, sub {
    my $sent = overtaken({ title => '' }, { title => 'Theirs' });
    my $has  = inputs(POST('/update/!UP-1', $sent), qr{^/update/});
    is $has->{base_title}, 'Before';
    is POST('/update/!UP-1', { %$has, title => 'Late' })->{status}, 409;
    is POST('/update/!UP-1', { %$has, title => 'Late', base_title => "\xff<" })->{status}, 409, 'nonsense is no pass';
    is POST('/update/!UP-1', { title => 'Late', base_title => 'Before' })->{status}, 409, 'nor is a part';
    is POST('/update/!UP-1', { title => 'Late' })->{status}, 303;
    is stored('!UP-1')->[1], 'Late';
};

topic 'the largest form there can be is taken' => 3, sub {
    my %long = (title => 255, category => 100, authors => 255, publisher => 255, edition => 50);
    my %all = map { my $c = $_; ($c => { map { $_ => $c x $long{$_} } keys %long }) } ("\x{1F4D7}", "\x{1F4D8}", "\x{1F4D9}");
    POST('/update/!UP-1', $all{"\x{1F4D7}"});
    my $back = 'search=' . escaped("\x{1F4DA}" x 500) . join '', map { "&$_=" . escaped("\x{1F4DA}" x $long{$_}) } qw(category publisher edition);
    my $has  = inputs(GET('/update/!UP-1'), qr{^/update/});
    POST('/update/!UP-1', $all{"\x{1F4D8}"});
    my $answer = POST('/update/!UP-1', { %$has, %{ $all{"\x{1F4D9}"} }, back => $back });
    is $answer->{status}, 409;
    $has = inputs($answer, qr{^/update/});
    is POST('/update/!UP-1', { %$has, map { ("take_$_" => 'mine') } keys %long })->{status}, 303;
    is stored('!UP-1')->[1], "\x{1F4D9}" x 255;
};

topic 'values that no form can hold are saved as shown' => 2, sub {
    POST('/update/!UP-1', \%before);
    $stack->mysql(q{UPDATE music SET title = 'Two\nlines ', authors = 'A\r\nB' WHERE book_id = '!UP-1'});
    cli('cache', 'clear');
    my $has = inputs(GET('/update/!UP-1'), qr{^/update/});
    is POST('/update/!UP-1', { %$has, edition => '5th' })->{status}, 303;
    is_deeply [@{ stored('!UP-1') }[1, 3, 5]], ['Two lines', 'A  B', '5th'];
};

topic 'a book that was deleted since the form was opened can be added again' => 6, sub {
    add_book(book_id => '!UP-3', title => 'Here');
    my $has = inputs(GET('/update/!UP-3'), qr{^/update/});
    is POST('/delete/!UP-3', {})->{status}, 303;
    my $answer = POST('/update/!UP-3', { %$has, title => 'Kept' });
    is $answer->{status}, 409;
    shows $answer, qr/Someone else has deleted/;
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
