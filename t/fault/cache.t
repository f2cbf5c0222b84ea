# More failures of the list in Redis and of MySQL: what readers and writers get.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 1050, env => { BOOKSHARE_CHECK_MS => 300 });
my ($first) = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1');

allow(qr/MySQL|Too many connections/);

sub title { my $page = GET('/list', @_); return $page->{status} == 200 ? (rows($page))[0][1] : "status $page->{status}" }
sub update { return POST('/update/' . escaped($first), { title => $_[0] }) }

# Returns whether all pages are right, wherever they come from.
sub all_right {
    for my $page (1 .. 11) {
        my $offset = ($page - 1) * 100;
        my @ids = map { $_->[0] } $stack->mysql("SELECT book_id FROM music ORDER BY book_id LIMIT 100 OFFSET $offset");
        return 0 if "@ids" ne join ' ', map { $_->[0] } rows(GET("/list?page=$page"));
    }
    return 1;
}

warm('/list');

topic 'keys evicted, one after the other: the pages are right, and the list is rebuilt' => 8, sub {
    for my $kind (qw(meta directory 1 log)) {
        my ($key) = grep {/:\Q$kind\E$/} split /\n/, $stack->redis('KEYS', '{bookshare}*');
        $stack->redis('DEL', $key) if $key;
        ok all_right(), "$kind is gone";
        update("Without $kind");
        ok wait_for('a list that is right', 10, sub { from_redis(GET('/list')) && (cli('cache', 'verify'))[0] == 0 });
    }
};

topic 'a replica that takes no writes: pages are right, writes are seen' => 4, sub {
    warm('/list');
    $stack->redis(qw(CONFIG SET replica-serve-stale-data yes));
    $stack->redis(qw(REPLICAOF 127.0.0.1 1));
    is update('On a replica')->{status}, 303;
    is title(), 'On a replica', 'from MySQL';
    $stack->redis(qw(REPLICAOF NO ONE));
    is update('On a master')->{status}, 303;
    ok wait_for('Redis', 10, sub { from_redis(GET('/list')) && title() eq 'On a master' });
};

topic 'MySQL is down: the list is still served and marked as possibly stale; writes are refused, nothing is lost' => 8, sub {
    warm('/list');
    $stack->kill('mysql', 'KILL');
    my $page;
    ok wait_for('a marked page', 10, sub { header($page = GET('/list'), 'Cache-Status') =~ /unverified/ });
    is $page->{status}, 200;
    shows $page, qr/may be out of date/;
    my $refused = update('Refused');
    is $refused->{status}, 503;
    ok header($refused, 'Retry-After');
    like $refused->{html} // $refused->{content}, qr/value="Refused"/, 'the form keeps what was typed';
    $stack->start_mysql;
    ok wait_for('MySQL', 20, sub { !grep { $_ ne 'bookshare; hit' } everywhere(sub { header(GET('/list'), 'Cache-Status') }) });
    is title(), 'On a master', 'and nothing of it was written';
};

topic 'MySQL is restored from an older backup: the list follows within the interval' => 4, sub {
    my @tables = qw(music music_version music_changes);
    $stack->mysql("CREATE TABLE backup_$_ AS SELECT * FROM $_") for @tables;
    is update('After the backup')->{status}, 303;
    is title(), 'After the backup';
    $stack->mysql(join ';', map {"DELETE FROM $_; INSERT INTO $_ SELECT * FROM backup_$_; DROP TABLE backup_$_"} @tables);
    ok wait_for('the older table', 5, sub { title() eq 'On a master' });
    ok wait_for('a list of it', 10, sub { from_redis(GET('/list')) && (cli('cache', 'verify'))[0] == 0 });
};

# Of two workers the second one to connect is refused; each is asked alone.
my %limits = (
    'max_user_connections (1203)' =>
        ["ALTER USER bookshare WITH MAX_USER_CONNECTIONS 1", 'ALTER USER bookshare WITH MAX_USER_CONNECTIONS 0'],
    'max_connections_per_hour (1226)' =>
        ["ALTER USER bookshare WITH MAX_CONNECTIONS_PER_HOUR 1", 'ALTER USER bookshare WITH MAX_CONNECTIONS_PER_HOUR 0'],
);

topic 'out of connections: what needs MySQL is 503 with Retry-After, the list goes on, and all works again' => 4 * keys %limits, sub {
    my ($account) = map {"'$_->[0]'\@'$_->[1]'"} $stack->mysql("SELECT user, host FROM mysql.user WHERE user = 'bookshare'");
    for my $limit (sort keys %limits) {
        my ($set, $unset) = map {s/USER bookshare/USER $account/r} @{ $limits{$limit} };
        warm('/list');
        my $refused;
        # MariaDB may let two in that connect at the same moment: then again.
        ok wait_for('a refusal', 30, sub {
            alone();
            $stack->stop_pool;
            wait_for('the connections to end', 10, sub {
                !($stack->mysql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'bookshare'"))[0][0];
            });
            $stack->mysql($set);
            $stack->start_pool;
            for my $worker (workers()) {
                alone($worker);
                return 1 if ($refused = GET('/update/' . escaped($first)))->{status} == 503;
            }
            return 0;
        }), $limit;
        ok header($refused, 'Retry-After');
        my $list = GET('/list');
        is $list->{status}, 200, 'the list';
        $stack->mysql($unset);
        alone();
        ok wait_for('MySQL', 15, sub { "@{[everywhere(sub { GET('/update/' . escaped($first))->{status} })]}" eq '200 200' });
    }
};

run_topics;
