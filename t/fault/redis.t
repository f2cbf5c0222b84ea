# Failures of Redis: whatever happens, pages are served, correct and in time.

use v5.20;
use warnings;
use utf8;

use List::Util qw(max);
use Time::HiRes qw(sleep time);

use BookShare::Stack::Patience;
use BookShare::Test;

my $stack = stack(rows => 1050);
my @ids   = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id');

# What stands on a page, whatever it came from.
sub right {
    my ($page, $number) = @_;
    my $first = 100 * ($number - 1);
    return $page->{status} == 200 && message($page) =~ /Length: 1050\./
        && "@{[map { $_->[0] } rows($page)]}" eq "@{[grep { defined } @ids[$first .. $first + 99]]}";
}

# Asks each worker for three pages. Returns how many of the six were right, and did not come
# from Redis.
sub six {
    my @pages = everywhere(sub { map { [$_, GET("/list?page=$_")] } 1, 11, 5 });
    return (scalar(grep { right($_->[1], $_->[0]) } @pages), scalar(grep { !from_redis($_->[1]) } @pages));
}

# Waits until both workers have Redis back in use: after a failure each leaves it alone for a while.
sub back {
    warm('/list');
    my $all = wait_for('every page from Redis', 10, sub { join(' ', six()) eq '6 0' });
    return ok $all, $_[0] // 'from Redis again';
}

# Our keys in Redis.
sub keys_of_ours { return grep { length } split /\n/, $stack->redis('KEYS', '{bookshare}*') }

topic 'down when the workers start: pages come from the index, or from MySQL until there is one' => 6, sub {
    $stack->stop_pool;
    $stack->stop_redis;
    $stack->start_pool;
    is_deeply [six()], [6, 6];
    ok wait_for('the index', 20, sub { !grep { !from_index($_) } everywhere(sub { GET('/list') }) }), 'at last from the index';
    is GET('/')->{status}, 200;
    is GET('/list?search=the')->{status}, 200, 'search too';
    is add_book(book_id => '~NODOWN')->{status}, 303, 'and writes';
    is POST('/delete/~NODOWN', {})->{status}, 303;
};

topic 'up again: the same workers take it into use' => 3, sub {
    my @before = workers();
    $stack->start_redis;
    ok right(warm('/list?page=2'), 2);
    back('both of them');
    is_deeply [workers()], \@before;
};

topic 'killed and started again between requests' => 4, sub {
    for my $turn (1, 2) {
        $stack->kill('redis', 'KILL');
        is_deeply [six()], [6, 6], 'gone: MySQL';
        $stack->start_redis;
        back('back: Redis');
    }
};

topic 'its connections are cut: new ones are made' => 2, sub {
    $stack->redis(qw(CLIENT KILL TYPE normal));
    is +(six())[0], 6, 'all right';
    back();
};

# Writes in a bad moment: the list must not show the state before them for good.
sub shows_write {
    my ($id) = @_;
    is +(rows(GET('/list')))[0][0], $id, 'the next page has it';
    is +(rows(warm('/list')))[0][0], $id, 'so has the page from Redis';
    POST("/delete/$id", {});
    is +(rows(GET('/list')))[0][0], $ids[0], 'the next page knows when it is gone';
    back();
}

topic 'a write when the connections are cut is not lost on the list' => 5, sub {
    $stack->redis(qw(CLIENT KILL TYPE normal));
    is add_book(book_id => '!CUT')->{status}, 303;
    shows_write('!CUT');
};

topic 'it hangs: pages come from elsewhere, in time' => 7, sub {
    $stack->pause('redis');
    my $start = time;
    my ($right, $elsewhere) = six();
    my $took = time - $start;
    is "$right $elsewhere", '6 6';
    cmp_ok $took, '<', 6, 'none waits longer than the time-outs allow';
    my $answer = POST('/add', { book_id => '!STILL', title => 'x' });
    is $answer->{status}, 303, 'a write is not held up either';
    $stack->resume('redis');
    shows_write('!STILL');
};

# With a time-out that no page takes by itself, a page that waited for it shows.
topic 'it hangs for long: each worker waits once' => 4, sub {
    my $timeout = patience(2);
    my $usual   = $stack->{env}{BOOKSHARE_REDIS_TIMEOUT_MS};
    local $stack->{env}{BOOKSHARE_REDIS_TIMEOUT_MS} = 1000 * $timeout;
    $stack->stop_pool;
    $stack->start_pool;
    warm('/list');
    $stack->pause('redis');
    six();
    my ($slowest, $count) = (0, 0);
    everywhere(sub {
        # Longer than it is left alone after a failure.
        for (my ($end, $asked) = (time + 4, 0); time < $end || $asked < 11; $asked++) {
            sleep 0.1;
            my $start = time;
            $count += right(GET('/list?page=5'), 5);
            $slowest = max($slowest, time - $start);
        }
    });
    cmp_ok $count, '>', 20, 'right pages';
    cmp_ok $slowest, '<', $timeout, 'none waited once more';
    $stack->resume('redis');
    back();
    $stack->stop_pool;
    $stack->{env}{BOOKSHARE_REDIS_TIMEOUT_MS} = $usual;
    $stack->start_pool;
    back('with the usual time-out, too');
};

# The rebuild has staged its list and stands before the changes, which is where Redis hangs, for more than the 200 ms
# that a request waits for it, and less than the 2 s of a rebuild.
topic 'it hangs for a moment in a rebuild, which goes on' => 4, sub {
    my $failures = sub { scalar(log_lines(qr/the list in Redis was not rebuilt/)) };
    cli('cache', 'clear');
    my $failed = $failures->();
    my $unlock = session('LOCK TABLES music_changes WRITE');
    GET('/list');
    runs(1, '%FROM music_changes WHERE (version%', '%metadata lock%');
    is scalar(keys_of_ours()), 4, 'two segments, the directory and the version are staged';
    $stack->pause('redis');
    $unlock->();
    sleep patience(0.6);
    $stack->resume('redis');
    back();
    is $failures->(), $failed, 'the first attempt was enough';
    ok wait_for('the rebuild to end', 10, sub { keys_of_ours() == 4 }), 'no other keys are left';
};

topic 'a wrong type under each of our keys' => 6, sub {
    my $tried = 0;
    my %make = (string => ['SET', 'x'], list => ['RPUSH', 'x'], hash => ['HSET', 'x', 'y']);
    for my $type (sort keys %make) {
        my ($command, @value) = @{ $make{$type} };
        warm('/list');
        my @keys = keys_of_ours();
        $tried += @keys;
        for my $key (@keys) {
            $stack->redis('DEL', $key);
            $stack->redis($command, $key, @value);
        }
        is +(six())[0], 6, "$type: the pages are right";
        cli('cache', 'clear');
        ok right(warm('/list'), 1), 'and after bookshare cache clear they come from Redis again';
    }
    die 'no key was tried' if !$tried;
};

# As redis-cli takes quoted text.
my $tabs    = '\t' x 6;
my @garbage = (
    '', 'x', $tabs, '\t' x 5, "$tabs\\t", "a\\\\qb$tabs", 'a\\\\', "\\xff\\xfe$tabs", "a\\x00b$tabs", 'x' x 100_000,
);

topic 'garbage in the rows' => scalar @garbage, sub {
    for my $row (@garbage) {
        cli('cache', 'clear');
        my @lists = wait_for('a list in Redis', 15, sub {
            warm('/list');
            return grep { $stack->redis('TYPE', $_) eq 'list' } keys_of_ours();
        });
        for my $list (@lists) {
            $stack->redis('--quoted-input', 'LSET', $list, $_, qq{"$row"}) for 0, -1;
        }
        is +(six())[0], 6, length $row > 40 ? 'a long row' : qq{"$row"};
    }
};

topic 'no room: it takes nothing more' => 3, sub {
    cli('cache', 'clear');
    $stack->redis(qw(CONFIG SET maxmemory 1));
    is_deeply [six()], [6, 6], 'MySQL';
    is add_book(book_id => '~FULL')->{status}, 303, 'writes go on';
    POST('/delete/~FULL', {});
    $stack->redis(qw(CONFIG SET maxmemory 0));
    back();
};

topic 'a wrong password' => 3, sub {
    my @pass = qw(--no-auth-warning -a sesame);
    $stack->redis(qw(CONFIG SET requirepass sesame));
    $stack->redis(@pass, qw(CLIENT KILL TYPE normal));
    is_deeply [six()], [6, 6], 'MySQL';
    my ($status, $out, $err) = cli('check');
    ok $status != 0 && "$out$err" =~ /auth/i, 'bookshare check tells why';
    $stack->redis(@pass, 'CONFIG', 'SET', 'requirepass', '');
    back();
};

topic 'a correct password' => 3, sub {
    my %env   = $stack->env;
    my $login = sub {
        my $url = $env{BOOKSHARE_REDIS_URL} =~ s{://}{://reader:$_[0]\@}r;
        return (cli({ BOOKSHARE_REDIS_URL => $url }, 'views'))[0];
    };
    $stack->redis('ACL', 'SETUSER', 'reader', 'on', '>open:sesame', '~*', '+@all');
    is $login->('open%3Asesame'), 0, 'user and password';
    is $login->('open:sesame'),   0, 'not encoded where it need not be';
    isnt $login->('wrong'),       0, 'a wrong one';
};

topic 'no log contains a password' => 1, sub { is scalar(log_lines(qr/sesame/)), 0 };

run_topics;
