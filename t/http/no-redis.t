# Without Redis by choice (BOOKSHARE_REDIS_URL=off): the list comes from the search index, and nobody waits for Redis.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(time);

use BookShare::Stack::Patience;
use BookShare::Test;

my $stack = stack(rows => 1050, workers => 2, redis_url => 'off', env => { BOOKSHARE_CHECK_MS => 60_000 });

sub ids_of_page {
    my $offset = ($_[0] - 1) * 100;
    return [map { $_->[0] } $stack->mysql("SELECT book_id FROM music ORDER BY book_id LIMIT 100 OFFSET $offset")];
}

sub ids { return [map { $_->[0] } rows(@_)] }

# The different answers of all workers.
sub answers { my %seen = map { $_ => 1 } everywhere(@_); return join ' | ', sort keys %seen }

wait_for('the index', 20, sub { !grep { !from_index($_) } everywhere(sub { GET('/list') }) });

topic 'every page comes from the index, and says so' => 15, sub {
    my $page = GET('/list');
    like message($page), qr/^Data loaded from the search index\. Length: 1050\. Time took: \d+\.\d{4} seconds$/;
    is header($page, 'Cache-Status'), 'bookshare; hit; detail=find-index';
    like header($page, 'Bookshare-Version'), qr/^\d+-\d+-[0-9a-f]{15}$/;
    is_deeply ids(GET("/list?page=$_")), ids_of_page($_), "page $_" for 1 .. 11;
    is GET('/list?page=12')->{status}, 404;
};

topic 'and is known by its version' => 4, sub {
    my $etag = header(GET('/list?page=2'), 'ETag');
    is GET('/list?page=2', 'If-None-Match' => $etag)->{status}, 304;
    POST('/update/' . escaped(ids_of_page(2)->[0]), { title => 'Another' });
    my $page = GET('/list?page=2', 'If-None-Match' => $etag);
    is $page->{status}, 200, 'a write makes another';
    is +(rows($page))[0][1], 'Another';
    is GET('/api/books?limit=3')->{headers}{'cache-status'}, 'bookshare; hit; detail=find-index', 'the API, too';
};

topic 'writes answer at once, and every worker shows them' => 7, sub {
    my $started = time;
    add_book(book_id => '!0', title => 'First');
    add_book(book_id => '📚', title => 'Last');
    my $took = time - $started;
    cmp_ok $took, '<', patience(10), "two writes in $took s, with a check interval of a minute";
    is answers(sub { ids(GET('/list'))->[0] }), '!0', 'a new first book';
    is answers(sub { ids(GET('/list?page=11'))->[-1] }), '📚', 'a new last book';
    is answers(sub { message(GET('/list')) =~ /Length: (\d+)/; $1 }), 1052, 'counted';
    POST('/delete/' . escaped($_), {}) for '!0', '📚';
    is answers(sub { ids(GET('/list'))->[0] }), ids_of_page(1)->[0], 'deleted';
    is answers(sub { ids(GET('/list?page=11'))->[-1] }), ids_of_page(11)->[-1];
    ok !(grep { !from_index($_) } everywhere(sub { GET('/list') })), 'all from the index';
};

topic 'the command line is content' => 12, sub {
    my ($status, $out, $err) = cli('check');
    is $status, 0, 'check' or diag $out, $err;
    like $out, qr/^Redis: off$/m;
    is view('list')->{exit}, 0, 'views';
    like +(cli('views'))[1], qr/^list \(the list in Redis\)\n  off\n/m;
    for my $command (qw(warm verify)) {
        ($status, $out, $err) = cli('cache', $command);
        is $status, 1, "cache $command";
        is $err, "bookshare: BOOKSHARE_REDIS_URL is off: there is no list in Redis\n", 'says why';
    }
    $stack->mysql("UPDATE music SET title = 'Past' ORDER BY book_id LIMIT 1");
    ($status, $out, $err) = cli('cache', 'clear');
    is $status, 0, 'cache clear';
    is $out, "Redis is off: recounted the books\n", 'says what it did';
    is answers(sub { (rows(GET('/list')))[0][1] }), 'Past', 'edits that bypassed the application show';
    ok wait_for('the index', 20, sub { !grep { !from_index($_) } everywhere(sub { GET('/list') }) }), 'from another index';
};

topic 'timings leave out Redis, and measure the index' => 4, sub {
    is POST('/timings', '')->{status}, 303;
    my $html = GET('/timings')->{html};
    unlike $html, qr/from Redis/;
    like $html, qr{A page from MySQL <span>Page 6, 100 books};
    like $html, qr{A page from the search index <span>Page 6, 100 books.*?<td>\d[\d.]* [mµ]s</td>}s;
};

topic 'MySQL is away: the index still answers, marked' => 5, sub {
    my $before = ids_of_page(3);
    $stack->kill('mysql', 'KILL');
    my $page = GET('/list?page=3');
    is $page->{status}, 200;
    shows $page, qr/may be out of date/;
    is header($page, 'Cache-Status'), 'bookshare; hit; detail=unverified';
    is header($page, 'ETag'), '', 'without an ETag';
    is_deeply ids($page), $before;
    $stack->start_mysql;
    wait_for('certainty', 20, sub { !grep { header($_, 'Cache-Status') =~ /unverified/ || $_->{status} != 200 } everywhere(sub { GET('/list') }) });
};

topic 'no index either: MySQL answers' => 3, sub {
    $stack->stop_pool;
    local $stack->{env}{BOOKSHARE_FIND_INDEX} = 'off';
    $stack->start_pool;
    my $page = GET('/list?page=11');
    ok from_mysql($page);
    is_deeply ids($page), ids_of_page(11);
    like GET('/timings')->{html}, qr/(?!.*from the search index)/s;
};

run_topics;
