# Awkward IDs: each can be added, found, listed, updated and deleted by following the links of the pages.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 10);
$stack->mysql('DELETE FROM music');
cli('cache', 'clear');

my @ids = (
    'a/b', '/', '//', '/a', 'a/', 'a//b', '...', 'a/...', 'a../b', '..a', '.a', 'a.', 'http://x.example/',
    'a?b', '?', 'a#b', '#', 'a%b', '%', '%2F', '%00', '%25', '%zz', '100%', 'a&b', '&amp;', '&#39;',
    'a=b', 'a+b', 'a b', 'a  b',
    'a;b', 'a,b', 'a:b', '@', '~', '*', '$1', '(x)', '[x]', '{x}', '|', '^', '`', '!',
    '"', 'a"b', q{'}, q{it's}, '<', '>', '<b>', '</td>', '\\', 'a\\b', '\\N', '\\n', '-', '_', '--',
    'é', "e\x{301}", 'ß', 'Ünïcödé', '日本語', 'العربية', '📚', "\x{1F469}\x{200D}\x{1F4BB}",
    'NULL', '0', 'page=2',
    '-x1', '"q"', '""', '" "', 'title:x', 'id:"q"', 'my book 1', 'my "book" 1', "\x{ab}q\x{bb} \x{201e}x", "\x{201c}\x{201d}",
);

topic 'added' => 2 * @ids, sub {
    for my $id (@ids) {
        my $answer = POST('/add', { book_id => $id, title => "Title of $id", back => '' });
        is $answer->{status}, 303, "[$id]";
        is header($answer, 'Set-Cookie') =~ s/;.*//r, 'bookshare_flash=added.0.' . escaped($id), 'the cookie names it';
    }
};

topic 'the message leads to this very book' => scalar @ids, sub {
    for my $id (@ids) {
        my $said   = GET('/list', cookie => 'bookshare_flash=added.0.' . escaped($id));
        my ($link) = map { $_->[0] } grep { $_->[1] eq 'Show it' } links($said);
        my ($shown) = GET($link // '/none')->{html} =~ m{<dd class="id">(.*?)</dd>}s;
        is visible($shown // ''), $id =~ s/ +/ /gr, "[$id]";
    }
};

# No URL can carry a step up: servers and browsers take it before they read the path.
my @steps = qw(. .. a/../b ../a ../../a ./a a/.. a/. ../static/css/bookshare.css);

topic 'with steps up or in place: refused' => scalar @steps, sub {
    is POST('/add', { book_id => $_, title => 'x' })->{status}, 422, "[$_]" for @steps;
};

# The link of each row, by ID.
my %update;

topic 'listed, each once, in the order of their bytes' => 2, sub {
    my $page = GET('/list');
    my @links = grep { m{^/update/} } hrefs($page);
    # Runs of blanks look like one on a page: MySQL tells the IDs, in the same order.
    my @order = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id');
    @update{@order} = @links;
    is_deeply [map { $_->[0] } rows($page)], [map { s/ +/ /gr } @order];
    is_deeply [sort @order], [sort @ids];
};

topic 'found by its ID' => scalar @ids, sub {
    for my $id (@ids) {
        my @rows = rows(GET('/list?search=' . escaped($id)));
        ok +(grep { $_->[0] eq $id =~ s/ +/ /gr } @rows), "[$id]";
    }
};

topic 'updated by the link of its row' => 4 * @ids, sub {
    for my $id (@ids) {
        my $form = GET($update{$id} // '/none');
        is $form->{status}, 200, "[$id] " . ($update{$id} // 'has no link');
        my ($to) = grep { $_->[0] eq 'form' && ($_->[1]{action} // '') =~ m{^/update/} } tags($form);
        is inputs($form, qr{^/update/})->{title}, "Title of $id", 'the form is of this book';
        is POST($to ? $to->[1]{action} : '/none', { title => "New title of $id" })->{status}, 303, 'its action';
        is +(stored($id) // [])->[1], "New title of $id", 'it is changed';
    }
};

sub left { return { map { $_->[0] => 1 } $stack->mysql('SELECT book_id FROM music') } }

topic 'deleted by the link of its form' => 3 * @ids, sub {
    for my $id (@ids) {
        my ($delete) = grep { m{^/delete/} } hrefs(GET($update{$id} // '/none'));
        my $page = GET($delete // '/none');
        is $page->{status}, 200, "[$id] " . ($delete // 'has no link');
        my ($to) = grep { $_->[0] eq 'form' && ($_->[1]{action} // '') =~ m{^/delete/} } tags($page);
        my $left = left();
        delete $left->{$id};
        is POST($to ? $to->[1]{action} : '/none', {})->{status}, 303, 'its action';
        is_deeply left(), $left, 'this one is gone, and no other';
    }
};

run_topics;
