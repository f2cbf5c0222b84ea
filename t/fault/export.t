# Downloads that are read from MySQL, while there is no index: they show one state of the table, and are visibly broken
# if they cannot be completed.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use Encode qw(decode);
use IO::Socket::INET;

my $stack = stack(rows => 12_000, workers => 2, env => { BOOKSHARE_FIND_INDEX => 'off' });
my @names = qw(book_id title category authors publisher edition available_from);
add_book(book_id => '!A', title => 'The first');

# Sends a request for an export, calls code once its first bytes have come, and reads the rest. Returns the status, the
# text of the file as far as it came, and whether it came to its end.
sub download {
    my ($path, $code) = @_;
    my ($host, $port) = $stack->url('/') =~ m{^http://([^:/]+):(\d+)/};
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die "connect: $!";
    print {$socket} "GET $path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    $socket->flush;
    sysread $socket, my $all, 4096;
    $code->();
    while (sysread $socket, my $more, 65_536) { $all .= $more }
    my ($head, $chunks) = split /\r\n\r\n/, $all, 2;
    my ($text, $ended) = ('', 0);
    while ($chunks =~ /\G([0-9a-f]+)\r\n/gc) {
        $ended = 1, last if hex $1 == 0;
        $text .= substr $chunks, pos $chunks, hex $1;
        pos($chunks) += hex($1) + 2;
        last if pos($chunks) > length $chunks;
    }
    return ($head =~ /^HTTP\S+ (\d+)/, decode('UTF-8', $text), $ended);
}

# Replaces the table by a view that takes its time for a book in the middle, so that what comes before is on its way
# meanwhile. Returns the ID of that book.
sub make_slow {
    my ($seconds) = @_;
    my $middle = ($stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1 OFFSET 6000'))[0][0];
    my $rest = join ', ', @names[2 .. 6];
    $stack->mysql('RENAME TABLE music TO whole');
    $stack->mysql('CREATE VIEW music AS SELECT book_id,'
        . " IF(book_id = '$middle' AND SLEEP($seconds) > 1, '', title) AS title, $rest FROM whole");
    return $middle;
}

sub make_quick {
    $stack->mysql('DROP VIEW music');
    $stack->mysql('RENAME TABLE whole TO music');
}

topic 'a change while it is read is in none of it' => 4, sub {
    my $last = ($stack->mysql('SELECT MAX(book_id) FROM music'))[0][0];
    my $middle = make_slow(2);
    my (undef, $text, $ended) = download('/export.csv', sub {
        $stack->mysql("DELETE FROM whole WHERE book_id = '$last'");
        $stack->mysql("INSERT INTO whole (book_id, title) VALUES ('~late', 'Late')");
    });
    make_quick();
    ok $ended, 'it comes to its end';
    like $text, qr/^\Q$middle\E,/m, 'over the middle';
    like $text, qr/^\Q$last\E,/m, 'with the book that was deleted meanwhile';
    unlike $text, qr/~late/, 'without the one that was added';
};

topic 'another order: of as many books as a worker may keep' => 4, sub {
    my $most = 10_000;
    my ($from) = map { $_->[0] } $stack->mysql("SELECT book_id FROM music ORDER BY book_id LIMIT 1 OFFSET " . ($most - 1));
    my $refused = GET('/export.csv?sort=title');
    is $refused->{status}, 400, 'not of more';
    shows $refused, qr/at most $most books/;
    $stack->mysql("UPDATE music SET edition = 'Kept' WHERE book_id <= '$from'");
    my $file = GET('/export.csv?sort=-book_id&edition=Kept');
    is $file->{status}, 200, 'but of so many';
    my @ids = map { /^([^,]+)/ } split /\r?\n/, decode('UTF-8', $file->{content});
    is scalar(@ids) . " $ids[1] $ids[-1]", ($most + 1) . " $from !A", 'in their order';
};

my @deaths = (
    ['MySQL dies', sub { $stack->kill('mysql', 'KILL'); $stack->start_mysql }],
    ['the statement is ended', sub {
        my ($id) = map { $_->[0] } $stack->mysql("SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT book_id%'");
        $stack->mysql("KILL QUERY $id");
    }],
    ['the workers die', sub { $stack->kill('worker', 'KILL') }],
);

topic 'a download aborted half-way is visibly broken' => 6 * @deaths, sub {
    for (map { my $death = $_; map { [@$death, $_] } '/export.csv', '/export.ndjson' } @deaths) {
        my ($name, $die, $path) = @$_;
        my $middle = make_slow(60);
        my ($status, $text, $ended) = download($path, $die);
        is $status . ($text =~ /!A/ ? ' and books' : ''), '200 and books', "$name: $path had begun";
        ok $text !~ /\Q$middle\E/, 'and did not get far';
        ok !$ended, 'and does not come to a clean end';
        $stack->mysql("KILL $_->[0]") for $stack->mysql("SELECT id FROM information_schema.processlist WHERE info LIKE '%SLEEP%' AND id <> CONNECTION_ID()");
        make_quick();
        wait_for('MySQL', 10, sub { GET('/export.csv?search=!A')->{status} == 200 }) for workers();
    }
    allow(qr/MySQL/, qr/export aborted/, qr/upstream prematurely closed/, qr/bookshare-pool/);
};

run_topics;
