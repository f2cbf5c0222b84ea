# Failures of MySQL: requests that need it get a 503 with Retry-After, the rest works, and no restart is needed.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(time);

use BookShare::Test;
use JSON::PP ();

# As little patience with MySQL as anywhere, since how long a request waits is measured.
my $stack = stack(
    rows => 250,
    env  => { BOOKSHARE_MYSQL_CONNECT_S => 1, BOOKSHARE_MYSQL_TIMEOUT_S => 1, BOOKSHARE_CHECK_TIMEOUT_MS => 1000, BOOKSHARE_SEARCH_MS => 2000 },
);
my @workers = workers();

my @asks = (
    ['list',        sub { GET('/list') }],
    ['update form', sub { GET('/update/X') }],
    ['delete page', sub { GET('/delete/X') }],
    ['add',         sub { POST('/add', { book_id => 'X', title => 'x' }) }],
    ['update',      sub { POST('/update/X', { title => 'x' }) }],
    ['delete',      sub { POST('/delete/X', {}) }],
);

# Asks both workers.
sub working { return join ' ', everywhere(sub { map { GET($_)->{status} } '/list', '/list?search=the', '/update/X' }) }

my $works = join ' ', (200, 200, 404) x 2;

# After a failure a worker may leave MySQL alone for a moment.
sub works_again {
    return ok wait_for('it to work again', 10, sub { working() eq $works }), $_[0] // 'it works again';
}

# Until then an index may be being built, which comes into place when it is ready, whatever has happened meanwhile.
sub wait_for_index {
    wait_for('both workers to have the index', 15,
        sub { !grep { !from_index($_) } everywhere(sub { GET('/list?search=the') }) });
    return;
}

topic 'it works' => 1, sub { is working(), $works };

topic 'down: what needs it answers 503 with Retry-After' => 4 * @asks + 6, sub {
    warm('/list');    # a list that is being built would come after this
    wait_for_index();
    cli('cache', 'clear');
    $stack->stop_mysql;
    unlink $stack->dir . '/index/books.index';
    for (@asks) {
        my ($name, $ask) = @$_;
        my $start  = time;
        my $answer = $ask->();
        is $answer->{status}, 503, $name;
        like header($answer, 'Retry-After'), qr/^[1-9]\d*$/, 'when to come back';
        ok length(visible($answer)) > 20 && grep({ m{^/} } hrefs($answer)), 'a page, with a way on';
        cmp_ok time - $start, '<', 3, 'in time';
    }
    unlike visible(GET('/list')), qr/\.sock|errno|\b20\d\d\b|can't connect/i, 'the page tells nothing of our insides';
    my $json = GET('/list', accept => 'application/json');
    is $json->{status}, 503, 'as JSON';
    is eval { JSON::PP::decode_json($json->{content})->{status} }, 503;
    is GET('/')->{status}, 200, 'home works';
    is GET('/static/openapi.json')->{status}, 200, 'and files';
    is GET('/nope')->{status}, 404, 'and errors';
};

topic 'up again: it works, and the workers are the same' => 2, sub {
    $stack->start_mysql;
    works_again();
    is_deeply [workers()], \@workers;
};

topic 'killed with the list in Redis and an index: both go on' => 5, sub {
    wait_for_index();
    wait_for('both workers to have the list', 15, sub { !grep { !from_redis($_) } everywhere(sub { GET('/list') }) });
    $stack->kill('mysql', 'KILL');
    is $_->{status}, 200, 'a page' for everywhere(sub { GET('/list') });
    is GET('/list?search=the')->{status}, 200, 'and a search, from the index';
    $stack->start_mysql;
    works_again('up again');
    is_deeply [workers()], \@workers;
};

# Waits until each worker has its connection, and cuts them.
sub cut {
    my $ids = wait_for('each worker to be connected', 15, sub {
        working();
        my @threads = $stack->mysql(
            q{SELECT id FROM information_schema.processlist WHERE db = 'music_share' AND id <> CONNECTION_ID()});
        return @threads == 2 && [map { $_->[0] } @threads];
    });
    $stack->mysql("KILL $_") for @$ids;
}

topic 'its connections are cut: the next request makes a new one' => 6, sub {
    for my $turn (1, 2, 3) {
        cut();
        is working(), $works, 'reads';
        cut();
        is POST('/add', { book_id => "!CUT$turn", title => 'x' })->{status}, 303, 'a write';
    }
};

topic 'it hangs: 503 in time, and it works once it resumes' => 6, sub {
    cli('cache', 'clear');
    $stack->pause('mysql');
    for my $path ('/list', '/list?search=the', '/list', '/') {
        my $start  = time;
        my $answer = GET($path);
        # A build that was under way may have put a list there again, or made an index; both say that they are not sure.
        my $is_marked = header($answer, 'Cache-Status') =~ /unverified/;
        my $right = $path eq '/' || $is_marked || $path eq '/list' && from_redis($answer) ? 200 : 503;
        ok $answer->{status} == $right && time - $start < 5, "$path: $answer->{status}";
    }
    $stack->resume('mysql');
    works_again();
    is_deeply [workers()], \@workers;
};

topic 'it goes on after it has hung: nothing is refused any more, though the pause is not over' => 1, sub {
    my ($worker) = workers();
    alone($worker);
    ok wait_for('an answer at once', 30, sub {
        wait_for('a connection', 10, sub { GET('/update/X')->{status} == 404 });
        $stack->pause('mysql');
        my $refused = GET('/update/X')->{status};
        my $since = time;
        $stack->resume('mysql');
        $stack->mysql('DO 1');
        return $refused == 503 && GET('/update/X')->{status} == 404 && time - $since < 0.9;
    }), 'the next request is served';
    alone();
};

topic 'the table is gone: an error page, and it works when it is back' => 3, sub {
    cli('cache', 'clear');
    allow(qr/error \d+ MySQL 1146/);
    $stack->mysql('RENAME TABLE music TO aside');
    # A search may be answered from the index, and rightly so; the form asks for the row itself.
    my $page = GET('/update/X');
    like $page->{status}, qr/^50[03]$/;
    unlike visible($page), qr/music_share|1146/, 'which tells nothing of our insides';
    $stack->mysql('RENAME TABLE aside TO music');
    works_again();
};

topic 'both are down: home works, and the list comes from the index' => 4, sub {
    wait_for('both workers to have the index', 15, sub { !grep { !from_index($_) } everywhere(sub { GET('/list?search=the') }) });
    $stack->stop_mysql;
    $stack->stop_redis;
    is GET('/')->{status}, 200;
    my $page = GET('/list');
    is $page->{status}, 200;
    is header($page, 'Cache-Status'), 'bookshare; hit; detail=unverified';
    $stack->start_mysql;
    works_again('MySQL alone is enough');
};

run_topics;
