# Adding a book: the form, the redirect, the flash message, and the list afterwards.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 1001);
my %book  = (
    book_id => '!NEW-1', title => 'Die Bücher & "ich"', category => 'Fiction', authors => q{Zoë O'Neill; 紫式部},
    publisher => 'Müller <& Sons>', edition => '2nd', available_from => '2024-02-29',
);
my @fields = qw(book_id title category authors publisher edition available_from);

topic 'the form' => 3, sub {
    my $form = GET('/add?page=3&search=abc');
    is $form->{status}, 200;
    my $has = inputs($form, qr{^/add});
    is_deeply [grep { !exists $has->{$_} } @fields], [], 'has a field for everything';
    is $has->{back}, 'page=3&search=abc', 'knows where to go back to';
};

topic 'a book is added, and the browser is sent back to the list' => 5, sub {
    my $answer = POST('/add', { %book, back => '' });
    is $answer->{status}, 303;
    like header($answer, 'Location'), qr{^(?:http://[^/]+)?/list(\?page=1)?#b-%21NEW-1$};
    my ($value, %has) = split /;\s*/, header($answer, 'Set-Cookie');
    is header($answer, 'Set-Cookie') =~ s/;.*//r, 'bookshare_flash=added.0.%21NEW-1', 'a cookie says what was done';
    is_deeply [sort map { lc } (split /;\s*/, header($answer, 'Set-Cookie'))[1 .. 4]],
        ['httponly', 'max-age=60', 'path=/', 'samesite=strict'], 'for a minute, for this site only';
    is_deeply stored('!NEW-1'), [@book{@fields}], 'MySQL has it, to the letter';
};

topic 'a script that sends the form gets the target in a 204' => 5, sub {
    my $answer = POST('/add', { book_id => '!SCRIPT', title => 'x', back => 'page=2' }, 'bookshare-form' => 'script');
    is "$answer->{status} [" . ($answer->{content} // '') . ']', '204 []';
    is header($answer, 'Location'), '/list?page=2#b-%21SCRIPT';
    like header($answer, 'Set-Cookie'), qr/^bookshare_flash=added\.0\.%21SCRIPT;/;
    is POST('/add', { book_id => '!SCRIPT', title => 'x' }, 'bookshare-form' => 'script')->{status}, 409, 'and else answered as anybody';
    is POST('/delete/!SCRIPT', {}, 'bookshare-form' => 'script')->{status}, 204, 'it deletes, too';
};

topic 'the redirect always leads to a page of the list' => 6, sub {
    my %next = (
        'page=4&search='                  => qr{/list\?page=4$},
        'page=2&search=caf%C3%A9+%26'     => qr{/list\?page=2&search=caf%C3%A9(%20|\+)%26$},
        'page=abc&search='                => qr{/list(\?page=1)?$},
        'page=//evil.example&search='     => qr{/list(\?page=1)?$},
        'page=1&search=a%0D%0AX-Evil:+1'  => qr{/list(\?[^\r\n]*)?$},
        ''                                => qr{/list(\?page=1)?$},
    );
    my $n = 0;
    for my $back (sort keys %next) {
        my $answer = POST('/add', "book_id=!BACK" . $n++ . "&title=x&back=" . escaped($back));
        my $to = header($answer, 'Location') =~ s/#b-%21BACK\d+$//r;
        like $to, qr{^(?:http://127\.0\.0\.1:\d+)?$next{$back}}, $back || 'nothing';
    }
};

topic 'the message is shown once' => 6, sub {
    my $answer = add_book(book_id => '!ONCE é', title => 'Once');
    my $page   = follow($answer);
    is $page->{status}, 200;
    shows $page, qr/!ONCE é/, 'it names the book';
    shows $page, qr/added/i,  'and what was done';
    like header($page, 'Set-Cookie'), qr/^bookshare_flash=;.*\bMax-Age=0\b/i, 'and clears the cookie';
    my $again = GET('/');
    unlike visible($again), qr/!ONCE|was added/i, 'the next page has none';
    is header($again, 'Set-Cookie'), '', 'nor a cookie';
};

my @forged = (
    'added', 'added.', 'stolen.X', 'added.%', 'added.%zz', 'added.%ff', 'added.%00', 'added.%3Cscript%3E', '.',
    'added.' . 'x' x 500, 'added.0.', 'added.x.A', 'added.-1.A', 'added.99999999999999999999.A', 'stolen.0.A', 'added.0.%00', 'added.1.%3Cscript%3E', 'added.0.A.B',
);

topic 'a cookie that we did not write does no harm' => 2 * @forged, sub {
    for my $value (@forged) {
        my $page = GET('/', cookie => "other=1; bookshare_flash=$value");
        is $page->{status}, 200, substr $value, 0, 40;
        ok $page->{valid} && $page->{html} !~ /<script>/, 'a clean page';
    }
};

topic 'what was written is what is read, from MySQL and from Redis' => 6, sub {
    warm('/list');
    add_book(book_id => '!!!A', title => 'Right at the front');
    my $next = GET('/list');
    is +(rows($next))[0][0], '!!!A', 'the very next page has it';
    like message($next), qr/Length: 1010\./, 'and counts it';
    my $later = warm('/list');
    is +(rows($later))[0][0], '!!!A', 'so has the page from Redis';
    like message($later), qr/Length: 1010\./;

    add_book(book_id => '!!!B', title => 'Right behind it');
    my @seen = map { (rows(GET('/list')))[1][0] } 1 .. 20;
    is_deeply \@seen, [('!!!B') x 20], 'whichever worker answers';
    is +(rows(GET('/list?search=!!!B')))[0][0], '!!!B', 'and search finds it';
};

topic 'an ID in use: 409, and the form keeps its input' => 6, sub {
    my %other  = (%book, title => 'Another title', authors => 'Some "body" else');
    my $answer = POST('/add', { %other, back => 'page=7&search=xyz' });
    is $answer->{status}, 409;
    my $has = inputs($answer, qr{^/add});
    is_deeply { map { $_ => $has->{$_} } @fields }, \%other, 'every field';
    is $has->{back}, 'page=7&search=xyz', 'and the way back';
    is stored('!NEW-1')->[1], $book{title}, 'the book that was there is as it was';
    is POST('/add', { %other, book_id => '  !NEW-1  ' })->{status}, 409, 'with blanks around it too';
    is POST('/add', { %other, book_id => '!new-1' })->{status},     303, 'but small letters make another ID';
};

topic 'a form that was sent twice adds one book' => 2, sub {
    my @answers = map { POST('/add', { book_id => '!TWICE', title => 'x' })->{status} } 1, 2;
    is "@answers", '303 409';
    is_deeply [$stack->mysql(q{SELECT COUNT(*) FROM music WHERE book_id = '!TWICE'})], [[1]];
};

topic 'without an ID, one is made from the title' => 6, sub {
    my $answer = POST('/add', { book_id => ' ', title => 'The Odyssey of Homer' });
    is $answer->{status}, 303;
    my ($id) = header($answer, 'Location') =~ /#b-(.*)$/;
    like $id, qr/^TOoH\d{3}-\d{5}$/;
    is stored($id)->[1], 'The Odyssey of Homer';
    isnt header(POST('/add', { title => 'The Odyssey of Homer' }), 'Location'), header($answer, 'Location'), 'another one each time';
    my $refused = POST('/add', { book_id => '', title => '' });
    is $refused->{status}, 422;
    is inputs($refused, qr{^/add})->{book_id}, '', 'a form that is refused has none yet';
};

topic 'an ID that is made and taken: another one, eight times at most' => 4, sub {
    for (8, 9) {
        $stack->mysql("DROP TRIGGER IF EXISTS taken");
        $stack->mysql("DELIMITER //\nCREATE TRIGGER taken BEFORE INSERT ON music FOR EACH ROW BEGIN SET \@t$_ = IFNULL(\@t$_, 0) + 1;"
            . " IF \@t$_ % $_ <> 0 THEN SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062, MESSAGE_TEXT = 'taken'; END IF; END//\nDELIMITER ;\n");
        my $answer = POST('/add', { title => 'Taken' });
        is $answer->{status}, $_ == 8 ? 303 : 409, "$_ times";
        is inputs($answer, qr{^/add})->{book_id} // '', '';
    }
    $stack->mysql('DROP TRIGGER taken');
};

topic '"Save and add another" keeps what repeats' => 5, sub {
    my $answer = POST('/add', { %book, book_id => '!ROW-1', then => 'add', back => 'page=3' });
    is "$answer->{status} " . header($answer, 'Location'), '303 /add?page=3&like=%21ROW-1';
    my $page = follow($answer);
    shows $page, qr/Book !ROW-1 was added\. Show it/;
    my $form = inputs($page, qr{^/add});
    delete $form->{once};
    is_deeply $form, { category => $book{category}, authors => $book{authors}, publisher => $book{publisher}, back => 'page=3',
        map { $_ => '' } qw(book_id title edition available_from) };
    like $page->{html}, qr/<input[^>]*id="f-title"[^>]*autofocus/, 'the title has the focus';
    is GET('/add?like=!NONE')->{status}, 200, 'a book that is gone since does no harm';
};

topic 'all errors at once, each beside its field, and a summary with the focus' => 5, sub {
    my $page = POST('/add', { book_id => 'x' x 31, title => '', edition => 'x' x 51 });
    is $page->{status}, 422;
    my ($summary) = $page->{html} =~ m{<div class="alert alert-danger" role="alert" tabindex="-1" autofocus>(.*?)</div>}s;
    is_deeply [$summary =~ /href="(#[^"]*)"/g], ['#f-title', '#f-book_id', '#f-edition'];
    is_deeply [sort $page->{html} =~ /<input[^>]*id="(f-\w+)"[^>]*aria-invalid="true" aria-describedby="e-/g], [qw(f-book_id f-edition f-title)];
    is_deeply [sort $page->{html} =~ /<p class="invalid-feedback" id="(e-\w+)"/g], [qw(e-book_id e-edition e-title)];
    is scalar(() = $page->{html} =~ /autofocus/g), 1;
};

topic 'values that a field may have, by their beginning' => 10, sub {
    warm_index();
    my $values = sub { return [map {"$_->{value} $_->{count}"} @{ JSON::PP->new->utf8->decode(GET("/api/fields/$_[0]")->{content})->{values} }] };
    add_book(book_id => "!V$_", title => 'x', publisher => $_ < 3 ? 'Ôqürk Press' : 'oqurk & Sons') for 1 .. 3;
    is_deeply $values->('publisher/values?start=OQU'), ['Ôqürk Press 2', 'oqurk & Sons 1'], 'case and accents do not matter; what is new is there';
    POST('/update/!V3', { title => 'x', publisher => 'Other' });
    POST('/delete/!V1', {});
    is_deeply $values->('publisher/values?start=oqurk'), ['Ôqürk Press 1'], 'what is gone is not';
    is_deeply $values->('publisher/values?start=qurk'), [], 'only from the beginning';
    is scalar @{ $values->('authors/values?start=') }, 20, 'at most twenty';
    is scalar @{ $values->('category/values') }, scalar @{ $values->('category/values?start=') };
    is GET("/api/fields/$_/values")->{status}, 404, $_ for qw(title x);
    is GET('/api/fields/edition/values?start=%00')->{status}, 400;
    is GET('/api/fields/edition/values?start=' . 'x' x 501)->{status}, 400;
    is GET('/api/fields/edition/values?start=' . 'x' x 500)->{status}, 200;
};

topic 'without the index there are none' => 1, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_FIND_INDEX} = 'off';
    $stack->start_pool;
    is GET('/api/fields/category/values')->{content}, '{"values":[],"is_cut":false}';
};

topic 'an empty optional field is NULL' => 1, sub {
    add_book(book_id => '!NULL', title => 'x', authors => '  ', map { $_ => '' } @fields[2, 4, 5, 6]);
    is_deeply stored('!NULL'), ['!NULL', 'x', (undef) x 5];
};

run_topics;
