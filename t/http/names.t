# Who made a change: the log of changes has the name, and keeps it, or a number in its place, when the person is gone.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 5, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');
add_person('zoë', 'editor');

# Who made the last changes, oldest first.
sub actors {
    my ($count) = @_;
    return join ' | ', map { $_->[0] } reverse $stack->mysql("SELECT actor FROM music_changes ORDER BY version DESC, part DESC LIMIT $count");
}

# Uploads a file of one book.
sub upload {
    my ($id, @headers) = @_;
    my $body = join '', map {"--x\r\nContent-Disposition: form-data; name=\"$_->[0]\"$_->[2]\r\n\r\n$_->[1]\r\n"}
        ['mode', 'import', ''], ['file', "book_id,title\n$id,Uploaded\n", '; filename="a.csv"'];
    return request('POST', '/import', "$body--x--\r\n", 'content-type' => 'multipart/form-data; boundary=x', @headers);
}

topic 'pages and programs' => 6, sub {
    my @zoe = signed_in('zoë');
    is POST('/add', { book_id => '!Z', title => 'x' }, @zoe)->{status}, 303;
    is POST('/update/!Z', { title => 'y' }, @zoe)->{status}, 303;
    is POST('/delete/!Z', {}, @zoe)->{status}, 303;
    my ($status, $token) = cli('token', 'add', '--user', encode('UTF-8', 'zoë'), '--scope', 'write');
    is $status, 0;
    is request('PUT', '/api/books/!P', '{"title": "x"}', 'content-type' => 'application/json', authorization => 'Bearer ' . $token =~ s/\n//r)->{status}, 201;
    is actors(4), 'zoë | zoë | zoë | zoë';
};

topic 'imports' => 3, sub {
    is upload('!UP', signed_in('ann'))->{status}, 200;
    my $file = $stack->write_file('books.csv', "book_id,title\n!CLI,From the command line\n");
    is +(cli('import', $stack->dir . '/books.csv'))[0], 0;
    is actors(2), 'ann | import', 'on the page and by the command';
};

topic 'a removed person stays in the log, by name or by number' => 7, sub {
    add_person('old', 'editor');
    POST('/add', { book_id => '!OLD', title => 'x' }, signed_in('old'));
    is +(user('', 'remove', 'old'))[0], 0;
    is actors(1), 'old', 'by name';
    my ($id) = map { $_->[0] } $stack->mysql("SELECT person FROM people WHERE HEX(name) = '" . uc(unpack 'H*', encode('UTF-8', 'zoë')) . "'");
    is POST('/users/zo%C3%AB', { do => 'remove', hide => 1 }, signed_in('ann'))->{status}, 303;
    is_deeply [$stack->mysql("SELECT COUNT(*) FROM music_changes WHERE actor = 'former user $id'")], [[4]], 'or by number';
    is_deeply [map { $_->[0] } $stack->mysql('SELECT DISTINCT actor FROM music_changes ORDER BY actor')], ['ann', "former user $id", 'import', 'old'], 'all others are as they were';
    add_person('bob', 'editor');
    is +(user('', 'remove', 'bob', '--hide-name'))[0], 0, 'the command does the same';
    is +(user('', 'remove', 'bob'))[0], 1, 'once';
};

topic 'somebody without an account cannot pose as a person' => 2, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_AUTH} = 'open';
    $stack->start_pool;
    is POST('/add', { book_id => '!ANY', title => 'x' }, 'remote-user' => 'ann')->{status}, 303, 'at an open site';
    is actors(1), 'web', 'everybody is the web';
};

run_topics;
