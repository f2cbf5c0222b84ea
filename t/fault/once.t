# A form is written once, though the worker dies after its COMMIT, or the answer to COMMIT is lost: the same form sent
# again is answered as the first. And the guard that keeps this (BookShare::Guards).

use v5.20;
use warnings;
use utf8;

use BookShare::Guards;
use BookShare::Test;
use BookShare::UnreliableMySQL;

my $stack = guarded_stack(rows => 250, pool => 'plain', workers => 4);
my $proxy = BookShare::UnreliableMySQL->new(stack => $stack);
allow(qr/connection to MySQL lost during COMMIT/, qr/upstream prematurely closed|connect\(\).* failed/);

sub start {
    my ($off, $count) = @_;
    $stack->stop_pool;
    $stack->{workers} = $count;
    $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_MYSQL_DEFAULTS => $proxy->defaults, BOOKSHARE_GUARDS_OFF => $off // '' };
    $stack->start_pool;
    return;
}

sub number { return ($stack->mysql($_[0]))[0][0] }
sub books   { return number("SELECT COUNT(*) FROM music WHERE title = '$_[0]'") }
sub changes { return number("SELECT COUNT(*) FROM music_changes WHERE book_id = '!$_[0]'") }

# The form, filled in: an update of a book with this ID, without what the user has seen, so that each write counts.
sub form { return { once => "key-of-$_[0]", title => $_[0], edition => '' } }

my $turn = 0;

guard key => 'five clicks at once are one update, whatever others do in between' => 2, sub {
    my ($off) = @_;
    my $id = 'CLICK' . ++$turn;
    start($off, 4);
    add_book(book_id => "!$id");
    my @running = map { behind(sub { POST("/update/!$id", form($id))->{status} }) } 1 .. 5;
    is_deeply [map { $_->() } @running], [(303) x 5];
    POST("/update/!$id", { title => 'theirs' });
    POST("/update/!$id", form($id));
    is books($id), $off ? 1 : 0, $off ? 'theirs is lost' : 'theirs is kept';
};

guard key => 'the worker is killed after COMMIT; the form is sent again' => 4, sub {
    my ($off) = @_;
    my $id = 'KILL' . ++$turn;
    start($off, 1);
    GET('/list?page=3&x');    # the worker is connected
    $proxy->cut('hold');
    my $sent = behind(sub { POST('/add', { %{ form($id) }, book_id => "!$id" })->{status} });
    wait_for('the COMMIT', 10, sub { $proxy->told });
    kill 'KILL', $stack->pids('worker');
    is $sent->(), 503, 'no answer';
    is changes($id), 1, 'it was written';
    $stack->start_pool;
    is POST('/add', { %{ form($id) }, book_id => "!$id" })->{status}, $off ? 409 : 303, $off ? 'refused' : 'answered as if it were the first';
    is changes($id), 1, 'once';
};

topic 'the outcome of a COMMIT is unknown: the form has its key, and sent again it is written once' => 4, sub {
    my $id = 'UNKNOWN';
    start('', 1);
    GET('/list?page=3&x');
    $proxy->cut('for good');
    my $answer = POST('/add', { %{ form($id) }, book_id => " !$id" });    # it comes back without the blank
    is $answer->{status}, 503;
    shows $answer, qr/It is not saved twice\./;
    $proxy->mend;
    is wait_for('MySQL', 10, sub { my $again = POST('/add', inputs($answer, qr/add/)); $again->{status} != 503 && $again })->{status}, 303;
    is changes($id), 1;
};

run_topics;
