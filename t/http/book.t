# The page of a book: what it shows and to whom, and that of a deleted one, which can be restored.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 5, workers => 2);
people_of($stack);
my $id   = q{!/"ü" 1};
my $path = '/books/' . escaped($id);
add_book(
    book_id => $id, title => 'Sea & <sky>', authors => 'Ana "A" Bé', category => 'Art & craft', publisher => 'P/1',
    edition => '2nd', available_from => '2024-02-29',
);

topic 'it has every field, and its values lead to the books that share them' => 8, sub {
    my $page = GET($path);
    is $page->{status}, 200;
    shows $page, qr/Sea & <sky>.*\Q$id\E.*Art & craft.*Ana "A" Bé.*P\/1.*2nd.*2024-02-29/, 'all fields';
    like $page->{html}, qr{<title>Sea &amp; &lt;sky&gt; - Book Share</title>}, 'its own title';
    is +(having($page, name => 'description'))[0]{content}, q{Sea & <sky>, by Ana "A" Bé. P/1, edition 2nd. Art & craft}, 'and description';
    my %links = map { $_->[1] => $_->[0] } links($page);
    for my $value ('Art & craft', 'P/1', '2nd', 'Ana "A" Bé') {
        is join('|', map { $_->[1] } rows(GET($links{$value}))), 'Sea & <sky>', "$value: $links{$value}";
    }
};

topic 'the list leads to it, with and without a search' => 3, sub {
    for my $list ('/list', '/list?search=sea') {
        is +(grep { $_->[1] eq 'Sea & <sky>' } links(GET($list)))[0][0], $path, $list;
    }
    is +(grep { $_->[1] eq 'Show it' } links(follow(POST("/update/" . escaped($id), { title => 'Sea & <sky>', edition => '3rd' }))))[0][0], $path, 'and a message';
};

topic 'the way back from its forms leads to it' => 5, sub {
    my ($update, $delete) = grep { m{^/(?:update|delete)/} } hrefs(GET($path));
    for my $form ($update, $delete) {
        is inputs(GET($form), qr{^/(?:update|delete)/})->{back}, 'book', $form;
        ok +(grep { $_ eq $path } hrefs(GET($form))), 'without a write';
    }
    my $answer = POST($update =~ s/\?.*//r, inputs(GET($update), qr{^/update/}));
    is header($answer, 'Location'), $path, 'and after one';
};

topic 'a book that never was: 404' => 4, sub {
    is GET("/books/$_")->{status}, 404, $_ for 'NOPE', 'x' x 31, '%ff', 'a/b';
};

topic 'a deleted one: 410, what it was, and the way back' => 12, sub {
    POST('/delete/' . escaped($id), {});
    my $page = GET($path);
    is $page->{status}, 410;
    is header($page, 'Cache-Control'), 'no-store';
    shows $page, qr/Sea & <sky>.*was deleted on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\) by web\b.*\Q$id\E.*3rd/, 'what it was';
    is GET($path, Accept => 'application/json')->{status}, 410, 'for a program';
    is_deeply [grep { m{^/(?:update|delete)/} } hrefs($page)], [], 'nothing leads to a form that answers 404';
    my $form = inputs($page, qr{^\Q$path\E/restore$});
    my $back = POST("$path/restore", $form);
    is "$back->{status} " . header($back, 'Location'), "303 $path", 'restored';
    my $now = follow($back);
    shows $now, qr/Book \Q$id\E was restored\. Sea & <sky>/, 'and it says so';
    is +(grep { $_->[1] eq 'Show it' } links($now)), 0, 'where one is already';
    is join('|', @{ ($stack->mysql(q{SELECT op, row_after LIKE '%3rd%' FROM music_changes ORDER BY version DESC LIMIT 1}))[0] }), 'add|1', 'by a new change';
    is POST("$path/restore", $form)->{status}, 303, 'a second click';
    is +($stack->mysql('SELECT COUNT(*) FROM music_changes'))[0][0], 4, 'changes nothing';
    is +(cli('cache', 'verify'))[1], "differences: 0\n", 'the list in Redis has it';
};

topic 'what cannot be restored is refused' => 6, sub {
    is POST("$path/restore", $_)->{status}, 400, 'no version' for {}, { version => 'x' };
    is POST("$path/restore", { version => 999 })->{status}, 404, 'a version that there is not';
    is POST('/books/NOPE/restore', { version => 1 })->{status}, 404, 'of another book';
    is POST("$path/restore", { version => 1 }, 'Sec-Fetch-Site' => 'cross-site')->{status}, 403, 'from another site';
    $stack->mysql(q{UPDATE music_changes SET row_after = 'nonsense' WHERE version = 1});
    is POST("$path/restore", { version => 1 })->{status}, 409, 'a state that the log does not have';
};

topic 'who may not write is offered nothing that writes' => 5, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_AUTH} = 'accounts';
    $stack->start_pool;
    add_person(ed => 'editor');
    is_deeply [map { m{^/(update|delete)/} ? $1 : () } hrefs(GET($path, signed_in('ed')))], [qw(update delete)], 'an editor';
    my $page = GET($path);
    is_deeply [grep { m{^/(?:update|delete)/} } hrefs($page)], [], 'a stranger';
    is header($page, 'Cache-Control'), 'no-cache';
    POST('/delete/' . escaped($id), {}, signed_in('ed'));
    is_deeply inputs(GET($path), qr/restore/), {}, 'nor a deleted book';
    shows GET($path), qr/ by ed\b/, 'but who deleted it';
};

run_topics;
