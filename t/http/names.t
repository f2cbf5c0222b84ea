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

topic 'a removed person stays in the log, by name or by number' => 12, sub {
    add_person('old', 'editor');
    POST('/add', { book_id => '!OLD', title => 'x' }, signed_in('old'));
    is +(user('', 'remove', 'old'))[0], 0;
    is actors(1), 'old', 'by name';
    my ($id) = map { $_->[0] } $stack->mysql("SELECT person FROM people WHERE HEX(name) = '" . uc(unpack 'H*', encode('UTF-8', 'zoë')) . "'");
    is POST('/users/zo%C3%AB', { do => 'remove', hide => 1 }, signed_in('ann'))->{status}, 303;
    is_deeply [$stack->mysql("SELECT COUNT(*) FROM music_changes WHERE actor = 'former user $id'")], [[4]], 'or by number';
    is_deeply [map { $_->[0] } $stack->mysql('SELECT DISTINCT actor FROM music_changes ORDER BY actor')], ['ann', "former user $id", 'import', 'old'], 'all others are as they were';
    add_person('bob', 'editor');
    my ($status, $out) = user('', 'remove', 'bob', '--hide-name');
    is $status, 0, 'the command does the same';
    like $out, qr/^Replaced 'bob' by 'former user \d+' in 0 changes\.$/, 'and says so';
    for (['remove', 'bob'], ['remove', 'bob', '--hide-name']) {
        ($status, $out, my $err) = user('', @$_);
        is $status, 1, "once: @$_";
        is $err, "bookshare: nobody has this name\n";
    }
    is POST('/users/bob', { do => 'remove', hide => 1 }, signed_in('ann'))->{status}, 404, 'on the page, too';
};

# Makes a log of so many changes, one for each version, by turns of cid and of others; returns the version before them.
sub long_log {
    my ($changes) = @_;
    my ($version) = map { $_->[0] } $stack->mysql('SELECT version FROM music_version');
    my $digits = join ' UNION ALL ', map {"SELECT $_ AS d"} 0 .. 9;
    my $number = 'a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d';
    $stack->mysql("INSERT INTO music_changes (version, op, book_id, actor, at, token, row_after) "
            . "SELECT $version + 1 + $number, 'add', '!LONG', IF(a.d % 2 = 0, 'cid', 'web'), UTC_TIMESTAMP(3), 7, 'x' "
            . "FROM ($digits) a, ($digits) b, ($digits) c, ($digits) e, ($digits) f WHERE $number < $changes; "
            . "UPDATE music_version SET version = version + $changes");
    return $version;
}

sub changes_of { my ($name) = @_; return ($stack->mysql("SELECT COUNT(*) FROM music_changes WHERE actor = '$name'"))[0][0] }

topic 'a name in a long log is hidden in parts, and what was interrupted goes on' => 13, sub {
    my $before = long_log(20_001);
    is +(cli('cache', 'clear'))[0], 0;
    add_person('cid', 'editor');
    my ($id) = map { $_->[0] } $stack->mysql("SELECT person FROM people WHERE name = 'cid'");
    my $fail = $before + 15_001;
    $stack->mysql("CREATE TRIGGER fails BEFORE UPDATE ON music_changes FOR EACH ROW SET NEW.version = IF(NEW.version = $fail, NULL, NEW.version)");
    my ($status, $out, $err) = user('', 'remove', 'cid', '--hide-name');
    is $status, 1, 'it fails in the second part';
    like $err, qr/version/;
    my ($first) = map { $_->[0] } $stack->mysql("SELECT COUNT(*) FROM music_changes WHERE version > $before AND actor = 'cid'");
    cmp_ok $first, '<', 10_001 - 4_900, 'the first is kept';
    is POST('/add', { book_id => '!CID', title => 'x' }, cookie => 'bookshare_session=' . 'A' x 43)->{status}, 303;
    is sign_in('cid', password('cid'))->{status}, 422, 'and the person is gone';
    is POST('/users/cid', { do => 'remove', hide => 1 }, signed_in('ann'))->{status}, 500, 'the page fails in the same place';
    $stack->mysql('DROP TRIGGER fails');
    add_person('cid', 'editor');
    is POST('/add', { book_id => '!CID', title => 'x' }, signed_in('cid'))->{status}, 303, 'somebody else of that name';
    ($status, $out, $err) = user('', 'remove', 'cid');
    is "$status$err", '0', 'leaves under it';
    ($status, $out, $err) = user('', 'remove', 'cid', '--hide-name');
    is "$status$err", '0', 'the rest is done';
    is $out, "Replaced 'cid' by 'former user $id' in $first changes.\n";
    is changes_of("former user $id"), 10_001, 'all of it';
    is changes_of('cid'), 1, 'and nothing of the other one';
    $stack->mysql("DELETE FROM music_changes WHERE version > $before AND version <= $before + 20001");
    allow(qr/version/);
};

topic 'somebody without an account cannot pose as a person' => 2, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_AUTH} = 'open';
    $stack->start_pool;
    is POST('/add', { book_id => '!ANY', title => 'x' }, 'remote-user' => 'ann')->{status}, 303, 'at an open site';
    is actors(1), 'web', 'everybody is the web';
};

run_topics;
