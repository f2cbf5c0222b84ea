# A backup some versions older is restored, and as many writes follow before anybody looks: the version numbers are the
# same again. Everything from before (the list in Redis, the search index, page files, clients' copies) is stale and
# must not follow later writes. With the guard `timeline`, and without.

use v5.20;
use warnings;
use utf8;

use BookShare::Guards;
use BookShare::Test;

my $stack = guarded_stack(rows => 250, pool => 'plain', workers => 1, page_files => 1);
my ($first, @others) = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 5');
my @tables = qw(music music_version music_changes);
my $turn   = 0;

# Restarts the worker, optionally without the guard, on views that it has built itself.
sub start {
    my ($off) = @_;
    $stack->stop_pool;
    unlink glob $stack->dir . '/index/books.index';
    $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_CHECK_MS => 300, BOOKSHARE_GUARDS_OFF => $off ? "$off,high-water" : '' };
    cli('cache', 'clear');
    my ($status, undef, $err) = cli('cache', 'warm');
    die "the list was not built: $err" if $status != 0;
    $stack->start_pool;
    return;
}

sub update { my ($id, $title) = @_; is POST('/update/' . escaped($id), { title => $title })->{status}, 303, $title; return }

sub back_up { $stack->mysql(map {"DROP TABLE IF EXISTS backup_$_; CREATE TABLE backup_$_ AS SELECT * FROM $_;"} $_) for @tables; return }

# The backup, and after it writes of another host to other books, one each; between the two nobody can look.
sub restore {
    my ($writes) = @_;
    my $columns = 'book_id, title, category, authors, publisher, edition, available_from';
    my $row = "SELECT CONCAT_WS('\\t', " . join(', ', map {"IFNULL($_, '')"} split /, /, $columns) . ') FROM music';
    my @steps = ('BEGIN', map {("DELETE FROM $_", "INSERT INTO $_ SELECT * FROM backup_$_")} @tables);
    for my $id (@others[0 .. $writes - 1]) {
        my $this = "WHERE book_id = '$id'";
        push @steps, "SET \@before = ($row $this)", "UPDATE music SET title = 'After $turn' $this", "SET \@after = ($row $this)",
            'UPDATE music_version SET version = version + 1, token = FLOOR(1 + RAND() * 1000000000)',
            'INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after)'
            . " SELECT version, 'update', '$id', 'web', UTC_TIMESTAMP(3), token, \@before, \@after FROM music_version";
    }
    $stack->mysql(join('; ', @steps, 'COMMIT'));
    return;
}

# What each view shows of the first book: its title, where it is this very view that answers.
my $kept;
my %shown = (
    'the list' => sub { my $page = GET('/list?x'); return from_redis($page) && (rows($page))[0][1] },
    'the search index' => sub {
        my $page = GET('/list?search=' . escaped($first));
        return from_index($page) && (grep { $_->[0] eq $first } rows($page))[0][1];
    },
    'a page file' => sub { my $page = GET('/list'); return header($page, 'Server-Timing') =~ /page file/ && (rows($page))[0][1] },
    'what a client has' => sub {
        my $page = GET('/list?x', $kept ? ('If-None-Match' => header($kept, 'ETag')) : ());
        $kept = $page if $page->{status} == 200 && from_redis($page);
        return $kept && (rows($kept))[0][1];
    },
);

# by_us: the writes after the restore are made through the application. more: one more of them than were lost.
sub scenario {
    my ($off, $lost, $by_us, $more) = @_;
    start($off);
    my ($title) = map { $_->[0] } $stack->mysql("SELECT title FROM music WHERE book_id = '$first'");
    my $change = 'Lost ' . ++$turn;
    back_up();
    update($first, $_ == $lost ? $change : "Before $change") for 1 .. $lost;
    $kept = undef;
    for my $view (sort keys %shown) {
        ok wait_for("$view", 20, sub { $shown{$view}->() eq $change }), "$view has the change";
    }
    restore($by_us ? 0 : $lost + $more);
    update($_, "After $turn") for $by_us ? @others[0 .. $lost + $more - 1] : ();
    # A client that asks at another version gets another page: made of a view, it is as right or wrong as that.
    for my $view (sort keys %shown) {
        if ($off) {
            ok stays(1.5, sub { my $now = $shown{$view}->(); !$now || $now eq $change }), "$view has the lost change for good";
        } else {
            ok wait_for("$view without the change", 20, sub { $shown{$view}->() eq $title }), "$view has it no more";
            ok stays(0.5, sub { my $now = $shown{$view}->(); !$now || $now eq $title }), 'and not again';
        }
    }
    return if $off;
    my ($status, $out) = cli('cache', 'verify');
    is $out, "differences: 0\n", 'the list is the table';
    return;
}

for my $lost (1, 3) {
    for my $more (0, 1) {
        my $what = "$lost lost, " . ($lost + $more) . ' made';
        guard timeline => "$what on another host" => undef, sub { scenario($_[0], $lost, 0, $more); done_testing() };
    }
}
for my $more (0, 1) {
    guard timeline => '1 lost, ' . (1 + $more) . ' made by us' => undef, sub { scenario($_[0], 1, 1, $more); done_testing() };
}

run_topics;
