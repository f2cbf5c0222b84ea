# Searches without an index: a worker reads the table for them. They find the same as with one, have a time limit and a
# limit on their number, and a cancelled search does not affect the next statement.

use v5.20;
use warnings;
use utf8;

use JSON::PP qw(decode_json);
use Time::HiRes qw(time);

use BookShare::Stack::Patience;
use BookShare::Test;

my $stack = stack(rows => 250, workers => 10, env => { BOOKSHARE_FIND_INDEX => 'off', BOOKSHARE_SEARCH_MS => 2000 });

# Replaces the table by a view that takes this many seconds for one book.
sub make_slow {
    my ($seconds) = @_;
    my $first = ($stack->mysql('SELECT MIN(book_id) FROM music'))[0][0];
    $stack->mysql('RENAME TABLE music TO whole');
    $stack->mysql("CREATE VIEW music AS SELECT book_id, IF(book_id = '$first' AND SLEEP($seconds) > 1, '', title) AS title,"
            . ' category, authors, publisher, edition, available_from FROM whole');
}

sub make_quick {
    $stack->mysql('DROP VIEW music');
    $stack->mysql('RENAME TABLE whole TO music');
}

# Starts the workers again, with another time limit of a search.
sub restart {
    my ($ms) = @_;
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_SEARCH_MS} = $ms;
    $stack->start_pool;
    return;
}

topic 'a search that takes MySQL too long' => 4, sub {
    is GET('/list?search=a')->{status}, 200, 'none does';
    make_slow(20);
    my $began  = time;
    my $answer = GET('/list?search=a');
    is $answer->{status}, 503, 'given up';
    cmp_ok time - $began, '<', 10, 'long before MySQL is through';
    shows $answer, qr/takes too long\. Use fewer/;
    make_quick();
};

topic 'a write on the same connections takes as long as it needs' => 2, sub {
    my $session = session('START TRANSACTION; UPDATE music_version SET version = version');
    my @writes  = map {
        my $n = $_;
        behind(sub { POST('/add', { book_id => "!W$n", title => 'x' })->{status} })
    } 1 .. 10;
    runs(10, '%token FROM music_version FOR UPDATE', '%');
    wait_for('longer than a search may take', 10, sub {
        ($stack->mysql("SELECT MIN(time) FROM information_schema.processlist WHERE info LIKE '%token FROM music_version FOR UPDATE'"))[0][0] >= 3;
    });
    $session->('ROLLBACK');
    is join(' ', map { $_->() } @writes), join(' ', (303) x 10), 'all are made';
    $session->();
    is GET('/list?search=a')->{status}, 200, 'and searches go on';
};

topic 'four at a time' => 4, sub {
    restart(1000 * patience(2));    # all nine come while the first four are tried
    make_slow(20);
    my $search = sub { my $answer = GET('/list?search=a'); return "$answer->{status} " . ($answer->{html} =~ /(Too many)/ ? $1 : 'late') };
    my @tried  = map { behind($search) } 1 .. 4;
    runs(4, '%FROM music %', '%');
    is join(', ', map { $search->() } 1 .. 5), join(', ', ('503 Too many') x 5), 'more are refused';
    is join(', ', map { $_->() } @tried), join(', ', ('503 late') x 4), 'four are tried';
    make_quick();
    allow(qr/\[MY-013935\]/);         # so MySQL 9 takes the end of a connection whose last statement slept
    restart(2000);
    is GET('/list?search=a')->{status}, 200, 'afterwards there is room again';
    is GET('/list?page=2')->{status}, 200;
};

# From here on there is an index.
my @queries = ('search=a', 'search=e&sort=-title&page=2', 'search=nesbo', 'search=-a', 'search=author:%22jo+nes%22', 'sort=publisher',
    'search=!n1', 'from=2010-01-01&sort=-available_from', 'search=FINE&sort=category', 'search=kata');
my %without;

topic 'the same books in the same order as by the index' => 2 + @queries, sub {
    my @books = (['!n1', 'Jo Nesbø', 'ﬁne'], ['!n2', 'Jo Nesbo', 'Fine'], ['!n3', 'É. Zola', 'カタカナ']);
    add_book(book_id => $_->[0], authors => $_->[1], title => $_->[2]) for @books;
    $without{$_} = answer($_) for @queries;
    unlike $without{'search=nesbo'}, qr/^0 /, 'some';
    $stack->{env}{BOOKSHARE_FIND_INDEX} = $stack->dir . '/index';
    restart(2000);
    ok wait_for('an index that nobody has asked for', 30, sub { -e $stack->dir . '/index/books.index' });
    wait_for('it to be used', 30, sub { !grep { !from_index(GET('/list?search=a')) } 1 .. 20 });
    is answer($_), $without{$_}, $_ for @queries;
};

sub answer {
    my ($query) = @_;
    my $page = GET("/api/books?$query");
    die "$query: $page->{status}\n" if $page->{status} != 200;
    return header($page, 'X-Total-Count') . ' ' . join ' ', map { $_->{book_id} } @{ decode_json($page->{content})->{data} };
}

topic 'while an index is made, a search that takes too long says so, and comes by itself' => 4, sub {
    make_slow(20);
    $stack->stop_pool;
    unlink $stack->dir . '/index/books.index';
    $stack->start_pool;
    my $answer;
    ok wait_for('it to be prepared', 20, sub { ($answer = GET('/list?search=a'))->{html} =~ /is being prepared/ });
    is $answer->{status}, 503;
    like header($answer, 'Refresh'), qr/^\d+$/;
    make_quick();
    $stack->stop_pool;
    $stack->start_pool;
    ok wait_for('the page', 30, sub { GET('/list?search=a')->{status} == 200 });
};

run_topics;
