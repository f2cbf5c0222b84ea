# "Deleted. Undo" and "Updated. Undo": the message after a write takes it back, unless somebody has changed the book since.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 250, workers => 2);
people_of($stack);
my $id   = q{!"1/2"};
my $name = escaped($id);
add_book(book_id => $id, title => 'First', edition => '1st');

sub fields { my $row = stored($id) or return 'none'; return join '|', map { $_ // '-' } @$row[1, 5] }

# Sends the form of the message on a page.
sub undo { my ($page) = @_; return POST("/books/$name/restore", inputs($page, qr/restore$/)) }

topic 'a deletion' => 8, sub {
    my $page = follow(POST("/delete/$name", { back => 'page=2' }));
    shows $page, qr/Book \Q$id\E was deleted\. /;
    is inputs($page, qr/restore$/)->{to}, '/list?page=2', 'it knows the page';
    is stored($id), undef;
    my $answer = undo($page);
    is "$answer->{status} " . header($answer, 'Location'), "303 /list?page=2#b-$name", 'the way back leads there, to the row';
    is fields(), 'First|1st', 'it is there again';
    my $said = follow($answer);
    shows $said, qr/Book \Q$id\E was restored\. Show it/;
    is_deeply inputs($said, qr/restore$/), {}, 'a restored book is deleted by its own form';
    is undo($page)->{status}, 303, 'a second click does no harm';
};

topic 'an update' => 5, sub {
    my $page = follow(POST("/update/$name", { title => 'Second', edition => '1st' }));
    is fields(), 'Second|1st';
    my $said = follow(undo($page));
    is fields(), 'First|1st', 'is taken back';
    is undo($page)->{status}, 303, 'a second click does no harm';
    is fields(), 'First|1st';
    follow(undo($said));
    is fields(), 'Second|1st', 'which can be taken back, too';
};

topic 'a merged update: what the other one changed is kept' => 2, sub {
    POST("/update/$name", { title => 'Second', edition => '2nd' });
    my $page = follow(POST("/update/$name", { title => 'Third', edition => '1st', base_title => 'Second', base_edition => '1st', base_authors => '' }));
    is fields(), 'Third|2nd';
    undo($page);
    is fields(), 'Second|2nd';
};

topic 'somebody has changed the book since: refused, and it leads to the history' => 7, sub {
    my $page = follow(POST("/update/$name", { title => 'Mine', edition => '' }));
    POST("/update/$name", { title => 'Theirs', edition => '' });
    my $answer = undo($page);
    is $answer->{status}, 409;
    ok +(grep { $_ eq "/books/$name/history" } hrefs($answer));
    is fields(), 'Theirs|-', 'nothing is lost';
    my $deleted = follow(POST("/delete/$name", {}));
    is undo($page)->{status}, 409, 'deleted since';
    add_book(book_id => $id, title => 'Another');
    is undo($deleted)->{status}, 409, 'added since';
    is fields(), 'Another|-';
    my ($added) = $stack->mysql('SELECT version FROM music_changes ORDER BY version DESC LIMIT 1');
    is POST("/books/$name/restore", { version => $added->[0], undo => 1 })->{status}, 409, 'an addition is not undone by this form';
};

topic 'an update that changed nothing offers nothing' => 1, sub {
    is_deeply inputs(follow(POST("/update/$name", { title => 'Another' })), qr/restore$/), {};
};

topic 'it leads nowhere else' => 3, sub {
    my $page = follow(POST("/update/$name", { title => 'Yet another' }));
    my %form = %{ inputs($page, qr/restore$/) };
    delete $form{once};
    is header(POST("/books/$name/restore", { %form, to => $_ }), 'Location'), '/', $_ for '//evil.example', 'https://evil.example/', '/\\evil.example';
};

topic 'only for those who may' => 2, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_AUTH} = 'accounts';
    $stack->start_pool;
    add_person(@$_) for ['ed', 'editor'], ['rita', 'reader'];
    for ('ed', 'rita') {
        my %who = signed_in($_);
        $who{cookie} .= "; bookshare_flash=deleted.1.$name";
        is scalar keys %{ inputs(GET('/', %who), qr/restore$/) }, $_ eq 'ed' ? 4 : 0, $_;
    }
};

run_topics;
