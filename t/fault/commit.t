# The connection to MySQL is lost during a COMMIT, before or after it came to the server. Each writer learns the outcome:
# saved, not saved, or that nobody can know; and what was saved is saved once.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use BookShare::UnreliableMySQL;

my $stack = stack(rows => 250, pool => 'plain', workers => 1);
my $proxy = BookShare::UnreliableMySQL->new(stack => $stack);
$stack->stop_pool;
$stack->{env} = { %{ $stack->{env} }, BOOKSHARE_MYSQL_DEFAULTS => $proxy->defaults };
$stack->start_pool;
allow(qr/connection to MySQL lost during COMMIT/);

sub number { my ($row) = $stack->mysql($_[0]); return $row && $row->[0] }
sub version { return number('SELECT version FROM music_version') }
sub changes { return number("SELECT COUNT(*) FROM music_changes WHERE book_id = '$_[0]'") }

# What each way to write does to a book: code that writes and returns the status, and how many changes it makes.
my %writes = (
    'a form' => sub { POST('/add', { book_id => $_[0], title => 'x' })->{status} },
    'the API' => sub { my ($id) = @_; request('PUT', "/api/books/$id", qq({"title": "x"}), 'Content-Type' => 'application/json')->{status} },
);
my $turn = 0;

sub scenario {
    my ($when, $write) = @_;
    my $id = '!C' . ++$turn;
    GET('/list?page=3&x');    # the worker is connected
    my $version = version();
    $proxy->cut($when);
    my $status = $write->($id);
    is $proxy->told, 1, 'the COMMIT was lost';
    $proxy->mend;
    return ($status, changes($id), version() - $version, number("SELECT COUNT(*) FROM music WHERE book_id = '$id'"));
}

for my $way (sort keys %writes) {
    my $done = $way eq 'a form' ? 303 : 201;
    topic "$way: the answer to COMMIT is lost: it is saved, once, and said so" => 2, sub {
        is_deeply [scenario('after', $writes{$way})], [$done, 1, 1, 1];
    };
    topic "$way: COMMIT itself is lost: nothing is saved, and it can be sent again" => 3, sub {
        is_deeply [scenario('before', $writes{$way})], [503, 0, 0, 0];
        is $writes{$way}->("!C$turn"), $done, 'which saves it';
    };
    topic "$way: and MySQL cannot be asked: nobody knows" => 2, sub {
        is_deeply [scenario('for good', $writes{$way})], [503, 1, 1, 1];
    };
}

topic 'an import: the batch whose COMMIT lost its answer goes in once' => 4, sub {
    my $file = $stack->dir . '/import.csv';
    open my $books, '>', $file or die $!;
    print {$books} "book_id,title\n!I1,one\n!I2,two\n";
    close $books;
    $proxy->cut('after');
    my ($status, $out, $err) = cli({ BOOKSHARE_MYSQL_DEFAULTS => $proxy->defaults }, 'import', $file);
    is $proxy->told, 1, 'the COMMIT was lost';
    is $status, 0, 'it went well';
    like $out, qr/^added 2,/, 'and says so';
    is changes('!I1') + changes('!I2'), 2, 'each once';
};

run_topics;
