# A list that cannot be built, since Redis has no room for it: all workers together back off, nothing is left behind,
# and the log has one line for the failure and one for the recovery.

use v5.20;
use warnings;
use utf8;

use Time::HiRes qw(sleep time);

use BookShare::Test;

my $ROWS  = $ENV{ROWS} // 20_000;
my $stack = stack(rows => $ROWS, workers => 4, env => { BOOKSHARE_LOG_LEVEL => 'debug' });

sub keys_in_redis { return split /\n/, $stack->redis('KEYS', '*') }
sub used { my ($bytes) = $stack->redis('INFO', 'memory') =~ /^used_memory:(\d+)/m; return $bytes }

topic 'no room for the list' => 8, sub {
    wait_for('the index', 60, sub { from_index(GET('/list?search=zq')) });
    warm('/list');
    # With one list: two workers that both saw none may have built one each, and the second is staged beside the first.
    my $full = wait_for('one list, and nothing else', 10, sub {
        my $bytes = used();
        return keys_in_redis() == $ROWS / 1000 + 2 && $bytes;
    });
    $stack->redis('FLUSHALL');
    $stack->redis('CONFIG', 'SET', 'maxmemory', int((used() + $full) / 2));
    my ($from, $right, $asked) = (time, 0, 0);
    while (time - $from < 20) {
        $right += GET('/list?page=' . (1 + $asked++ % 9))->{status} == 200;
        sleep 0.02;
    }
    is $right, $asked, "each of $asked pages came";
    my $tried = log_lines(qr/the list in Redis was not rebuilt/);
    cmp_ok $tried, '>=', 2, "tried $tried times in 20 s";
    cmp_ok $tried, '<=', 6;
    is scalar(log_lines(qr/ warn .*the list in Redis was not rebuilt/)), 1, 'said once';
    my $list = view('list');
    like $list->{failed}, qr/^[-\d]{10} [:\d]{8} UTC, .*\bOOM\b/, 'shows the time and the reason';
    like $list->{'next attempt in'}, qr/^\d+ s$/, 'and when next';
    my @left = wait_for('a time between two attempts', 60, sub {
        return keys_in_redis() ? () : ['none'];
    });
    is $left[0][0], 'none', 'no staged key is left';
    is +(cli('cache', 'warm'))[0], 1, 'the command says that it failed';
};

topic 'room again' => 3, sub {
    $stack->redis('CONFIG', 'SET', 'maxmemory', 0);
    my $recovery = qr/ info .*the list in Redis was rebuilt in [\d.]+ s, after \d+ failures/;
    ok wait_for('the list', 60, sub { from_redis(GET('/list')) });
    wait_for('the end of its rebuild', 10, sub { log_lines($recovery) > 0 });
    is scalar(log_lines($recovery)), 1, 'and that is said once';
    is view('list')->{failed}, undef, 'the failure is forgotten';
};

run_topics;
