# Deleting a book: the confirmation page and the POST.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 201);                       # the third page holds one book
add_book(book_id => '!DEL', title => 'To be <deleted>', authors => q{"Anon" & co});

topic 'the confirmation page' => 6, sub {
    my $page = GET('/delete/%21DEL?page=2&search=abc');
    is $page->{status}, 200;
    shows $page, qr/!DEL.*To be <deleted>|To be <deleted>.*!DEL/, 'names the book';
    my ($form) = grep { $_->[0] eq 'form' && ($_->[1]{action} // '') =~ m{^/delete/} } tags($page);
    is lc $form->[1]{method}, 'post', 'has a form that posts';
    my $has = inputs($page, qr{^/delete/});
    is $has->{back}, 'page=2&search=abc', 'and knows the way back';
    ok +(grep { m{^/list\?page=2&search=abc#b-%21DEL$} } hrefs($page)), 'one can turn back';
    ok stored('!DEL'), 'asking deletes nothing';
};

topic 'the book is gone' => 7, sub {
    warm('/list');
    my $answer = POST('/delete/!DEL', { back => '' });
    is $answer->{status}, 303;
    is header($answer, 'Set-Cookie') =~ s/;.*//r, 'bookshare_flash=deleted.' . ($stack->mysql('SELECT version FROM music_version'))[0][0] . '.%21DEL';
    is stored('!DEL'), undef, 'from MySQL';
    my $page = follow($answer);
    shows $page, qr/deleted.*!DEL|!DEL.*deleted/i, 'the next page says so';
    is_deeply [grep { $_->[0] eq '!DEL' } rows($page)], [], 'and does not list it';
    is_deeply [grep { $_->[0] eq '!DEL' } rows(warm('/list'))], [], 'nor does the page from Redis';
    like message(GET('/list')), qr/Length: 201\./;
};

topic 'a book that is gone: 404' => 3, sub {
    is GET('/delete/!DEL')->{status}, 404, 'the page';
    is POST('/delete/!DEL', {})->{status}, 404, 'the post';
    is POST('/delete/NOPE', {})->{status}, 404, 'a book that never was';
};

topic 'the last book of the last page: the way back still leads to a page' => 3, sub {
    my $last = (rows(GET('/list?page=3')))[0][0];
    my $page = follow(POST('/delete/' . escaped($last), { back => 'page=3' }));
    is $page->{status}, 200;
    shows $page, qr/deleted/i, 'and the message is there';
    is scalar rows($page), 100;
};

topic 'the last book of a search: the same' => 2, sub {
    add_book(book_id => '!LONE', title => 'Lone wolf qqq');
    my $page = follow(POST('/delete/!LONE', { back => 'search=lone%20wolf%20qqq' }));
    is $page->{status}, 200;
    like message($page), qr/Length: 0\./;
};

# The row that a deletion leads back to.
sub place_of {
    my ($id, $back) = @_;
    my $where = '/delete/' . escaped($id);
    return header(POST($where, inputs(GET("$where?$back"), qr{^/delete/})), 'Location') =~ s/^\Q\/list?$back\E//r;
}

topic 'the way back leads to the place where it was' => 4, sub {
    my @ids = map { $_->[0] } rows(GET('/list?page=1')), rows(GET('/list?page=2'));
    is place_of($ids[9],  'per_page=10'), '#b-' . escaped($ids[10]), 'the last of a page: the first of the next takes its place';
    is place_of($ids[10], 'per_page=10'), '#b-' . escaped($ids[11]);
    is place_of($ids[50], 'per_page=10'), '', 'another page: its top';
    add_book(book_id => "!WOLF$_", title => 'Pack of qqwolves') for 1, 2;
    is place_of('!WOLF2', 'search=qqwolves'), '#b-%21WOLF1', 'the last of all: the one before';
};

run_topics;
