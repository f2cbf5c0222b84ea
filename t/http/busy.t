# Long work is limited: searches have a deadline, work for a disconnected client is cancelled, and at most half of the
# workers do exports and long searches.

use v5.20;
use warnings;
use utf8;

use IO::Socket::INET;
use JSON::PP qw(decode_json);
use POSIX ();

use BookShare::FastCGI;
use BookShare::Test;

my $HOSTILE = 50_000;    # books whose titles have all words of a phrase, so that a search has to read them
my $stack   = stack(rows => 250, workers => 2, env => { BOOKSHARE_SEARCH_MS => 60_000, BOOKSHARE_LOG_LEVEL => 'debug' });

$stack->mysql('INSERT INTO music (book_id, title) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n'
        . " WHERE i < 1000) SELECT CONCAT('~', a.i, '-', b.i), CONCAT(REPEAT('a b ', 60), RIGHT(CONCAT('0000000', 1000 * a.i + b.i), 10))"
        . " FROM n AS a CROSS JOIN n AS b WHERE b.i <= $HOSTILE / 1000");
cli('cache', 'clear');

# Sixteen phrases, none of which is in a title.
my @phrases = map { my @words = ('a', 'b') x 7; $words[$_] = $words[ $_ - 1 ]; join '+', @words[0 .. 12] } 1 .. 12;
push @phrases, map { s/^a\+//r } @phrases[ 3 .. 6 ];
my $long  = '/list?search=' . join '+', map {"-%22$_%22"} @phrases;
my $equal = '/list?search=' . join '+', map {"-%22$_%22"} ($phrases[0], uc $phrases[0]) x 8;

sub connection {
    my ($path) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $stack->port) or die "connect: $@";
    print {$socket} "GET $path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    $socket->flush;
    return $socket;
}

# The lines of a log that match, from a place on; where it ends now.
sub lines {
    my ($name, $from, $like) = @_;
    open my $log, '<', $stack->log($name) or die;
    seek $log, $from, 0;
    return grep {$like} grep { $_ =~ $like } readline $log;
}

sub end_of { return -s $stack->log($_[0]) // 0 }

# Seconds of processor time that the workers have taken: those of the clock pass while others compute, too.
sub computed {
    my $ticks = 0;
    for my $pid ($stack->pids('worker')) {
        my @field = split ' ', stat_of($pid);
        $ticks += $field[11] + $field[12];
    }
    return $ticks / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

# What the kernel says of a process, from its state on.
sub stat_of {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return '';
    return readline($file) =~ s/^.*\) //r;
}

# Seconds that the workers compute for a search.
sub seconds {
    my ($path) = @_;
    my $before = computed();
    my $answer = GET($path);
    $answer->{status} == 200 or die "$path: $answer->{status}\n";
    return computed() - $before;
}

wait_for('the index', 30, sub {
    !grep { !from_index(GET('/list?search=zq')) } 1 .. 12;
});
my $natural = seconds($long);

topic 'equal clauses are searched once' => 1, sub {
    cmp_ok seconds($equal), '<', $natural / 4;
};

topic 'nobody searches for clients that have left before' => 2, sub {
    my $access = end_of('access');
    kill STOP => workers();
    my @clients = map { connection($long) } 1 .. 20;
    wait_for('nginx to have asked', 10, sub { 20 == grep {defined} @clients });
    @clients = ();
    wait_for('nginx to have noticed', 20, sub { 20 == (() = lines('access', $access, qr/ 499 /)) });
    kill CONT => $stack->pids('worker');
    my $before = computed();
    is GET('/list')->{status}, 200, 'the next page comes';
    cmp_ok computed() - $before, '<', $natural, 'and none of the twenty has been searched for';
};

topic 'nor for one that leaves while they search' => 1, sub {
    my ($worker, $before) = (end_of('worker'), computed());
    my $client = connection($long);
    wait_for('the search', 10, sub { computed() > $before + 0.05 });
    close $client;
    wait_for('its end', 60, sub { lines('worker', $worker, qr{ 503 /list in }) });
    cmp_ok computed() - $before, '<', 0.75 * $natural;
};

topic 'half of the workers export, the others go on' => 10, sub {
    my $program = $stack->program('bookshare-worker');
    local %ENV = (%ENV, $stack->env);
    my $socket = $stack->dir . '/third.sock';
    my $third  = BookShare::FastCGI->new($program, $socket, $stack->dir . '/log/third.log');
    my $reader = $third->send(GET => '/export.csv');    # and reads nothing: of three workers one may export
    wait_for('the export', 10, sub { my $ready = ''; vec($ready, fileno $reader, 1) = 1; select $ready, undef, undef, 0.1 });

    for my $path ('/export.csv', '/export.ndjson') {
        my $answer = GET($path);
        is $answer->{status}, 503, "$path is refused";
        like header($answer, 'Retry-After'), qr/^\d+$/;
    }
    my $answer = GET('/export.csv', Accept => 'application/json');
    like decode_json($answer->{content})->{detail}, qr/exports are running/, 'with the reason';
    is GET('/export.csv?search=-%22b+a%22')->{status}, 200, 'a small one is made';
    is GET('/list')->{status}, 200, 'pages come';
    is GET('/list?search=zq')->{status}, 200, 'and searches';
    is HEAD('/export.csv')->{status}, 200, 'and what an export would be';
    $third->signal('KILL');
    $third->wait(5);
    is wait_for('the right to be given back', 10, sub { my $file = GET('/export.csv'); $file->{status} == 200 && $file->{status} }), 200;
};

# From here on searches have little time.
topic 'a search that takes too long' => 7, sub {
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_SEARCH_MS} = 50;
    $stack->start_pool;
    wait_for('the index', 30, sub { !grep { GET('/list?search=zq')->{status} != 200 } 1 .. 12 });
    my $answer = GET($long);
    is $answer->{status}, 503;
    like header($answer, 'Retry-After'), qr/^\d+$/;
    shows $answer, qr/takes too long\. Use fewer/;
    for my $path ($long =~ s{^/list}{/api/books}r, $long =~ s{^/list\?search}{/api/books/datatable?draw=1&start=0&length=10&search[value]}r) {
        $answer = GET($path);
        is $answer->{status}, 503, $path;
        like decode_json($answer->{content})->{detail}, qr/takes too long/;
    }
};

run_topics;
