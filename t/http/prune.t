# bookshare changes prune: by age and by number, and never what a view still follows.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 50, workers => 1);
add_book(book_id => '!A', title => 'First');

sub prune { my ($status, $out, $err) = cli('changes', 'prune', @_); return $status == 0 ? $out : "$status $err" }
sub log_of { return join ' ', @{ ($stack->mysql('SELECT COUNT(*), COALESCE(MIN(version), 0), COALESCE(MAX(version), 0) FROM music_changes'))[0] } }

# Adds changes to the log, so many days old, that only fill it.
sub fill {
    my ($from, $to, $days) = @_;
    $stack->mysql('INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after) VALUES '
            . join ', ', map {"($_, 'update', 'X', 'web', UTC_TIMESTAMP(3) - INTERVAL $days DAY, 7, '', '')"} $from .. $to);
    return;
}

# An edit that the views have not followed, as by a program on another host.
my $title = 'First';

sub edit {
    my ($days) = @_;
    my $before = $title;
    my $after  = ++$title;
    $stack->mysql("BEGIN; UPDATE music_version SET version = version + 1, token = 7; UPDATE music SET title = '$after' WHERE book_id = '!A';
        INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after) SELECT version, 'update', '!A', 'web',
        UTC_TIMESTAMP(3) - INTERVAL $days DAY, 7, '!A\\t$before\\t\\t\\t\\t\\t', '!A\\t$after\\t\\t\\t\\t\\t' FROM music_version; COMMIT");
    return;
}

topic 'wrong usage changes nothing' => 10, sub {
    for my $words ([], ['--days', 0], ['--days', 'x'], ['--days', 36501], ['--keep', 999], ['--keep', 1000000001], ['--days', 1, '--keep', 1000], ['--days', 1, 'x'], ['--frob']) {
        is +(cli('changes', 'prune', @$words))[0], 2, "[@$words]";
    }
    is log_of(), '1 1 1';
};

topic 'by age; the last change stays' => 3, sub {
    fill(2, 12_009, 500);
    $stack->mysql('UPDATE music_version SET version = 12009, token = 7');
    cli(@$_) for ['cache', 'clear'], ['cache', 'warm'], ['index', 'make'];
    is prune('--days', 501), "removed 0 changes\n", 'none is that old';
    is prune('--days', 300), "removed 12008 changes\n", 'in more than one transaction';
    is log_of(), '1 12009 12009';
};

topic 'what a view still follows stays' => 9, sub {
    fill(1, 100, 500);
    $stack->stop_pool;
    edit(400);
    edit(0);
    is prune('--days', 300), "removed 100 changes\nkept more of them for the list in Redis, which follows the log\n";
    is log_of(), '3 12009 12011', 'from the version of the list on';
    my $list = $stack->redis(qw(HGET {bookshare}:meta generation));
    $stack->start_pool;
    is +(rows(GET('/list')))[0][1], $title, 'so the list follows';
    ok wait_for('the list', 10, sub { from_redis(GET('/list')) });
    is $stack->redis(qw(HGET {bookshare}:meta generation)), $list, 'and is not rebuilt';
    is prune('--days', 300), "removed 0 changes\nkept more of them for the search index, which follows the log\n";
    is +(cli('index', 'make'))[0], 0;
    is prune('--days', 300), "removed 2 changes\n", 'once nothing follows it';
    is log_of(), '1 12011 12011';
};

topic 'by number' => 3, sub {
    fill(1, 1500, 1);
    is prune('--keep', 1000), "removed 501 changes\n";
    is log_of(), '1000 502 12011';
    is prune('--keep', 1001), "removed 0 changes\n", 'there are no more';
};

topic 'while Redis cannot say what the list needs, nothing is removed' => 2, sub {
    is +(cli({ BOOKSHARE_REDIS_URL => 'redis://127.0.0.1:1' }, 'changes', 'prune', '--days', 1))[0], 1;
    is log_of(), '1000 502 12011';
};

topic 'a view that finds a gap all the same is rebuilt' => 3, sub {
    $stack->stop_pool;
    edit(0) for 1 .. 3;
    $stack->mysql('DELETE FROM music_changes WHERE version < 12014');
    $stack->start_pool;
    is +(rows(GET('/list')))[0][1], $title, 'no page is stale';
    ok wait_for('the list', 20, sub { from_redis(GET('/list')) });
    is +(cli('cache', 'verify'))[1], "differences: 0\n";
};

run_topics;
