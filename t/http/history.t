# The history of a book and of all: who changed what, page by page, as a page, a feed and JSON; and any state of it can
# be restored.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;
use JSON::PP ();

my $stack = stack(rows => 5, workers => 2, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person(@$_) for ['ann', 'editor'], ['bob', 'editor'], ['eve', 'editor'];
my @ann  = signed_in('ann');
my @bob  = signed_in('bob');
my $json = JSON::PP->new->utf8;
my $id   = q{!/"<1>"};
my $path = '/books/' . escaped($id);
my $edit = '/update/' . escaped($id);

POST('/add', { book_id => $id, title => 'First', edition => '1st' }, @ann);
POST($edit, { title => 'Second', edition => '1st', authors => 'A & B' }, @bob);
POST($edit, { title => 'Second', edition => '', authors => 'A & B' }, @ann);

# The entries of a page of changes: the text of each.
sub entries { my ($page) = @_; return map { visible($_) } $page->{html} =~ m{<li>(.*?)</li>}gs }

my $when = qr/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\)/;

topic 'of a book: when, who, what, the newest first' => 7, sub {
    my $page = GET("$path/history", @ann);
    is $page->{status}, 200;
    my @seen = entries($page);
    is scalar @seen, 3;
    like $seen[0], qr/^Changed $when by ann Edition 1st as it is now$/;
    like $seen[1], qr/^Changed $when by bob Title First → Second Authors A & B Restore this state$/;
    like $seen[2], qr/^Added $when by ann Title First Edition 1st Restore this state$/;
    is_deeply inputs(GET("$path/history"), qr/restore/), {}, 'a stranger is offered no way back';
    is +(grep { $_->[1] eq 'History' } links(GET($path)))[0][0], "$path/history", 'the book leads there';
};

topic 'a state is restored by a new change' => 6, sub {
    my ($form) = inputs(GET("$path/history", @bob), qr/restore/);
    my $first = ($stack->mysql('SELECT MIN(version) FROM music_changes'))[0][0];
    is POST("$path/restore", { version => $first }, @bob)->{status}, 303;
    is join('|', map { $_ // '-' } @{ stored($id) }[1, 3, 5]), 'First|-|1st', 'as it was then' or diag explain stored($id);
    like +(entries(GET("$path/history")))[0], qr/^Changed $when by bob Title Second → First Authors A & B Edition 1st as it is now$/;
    is scalar entries(GET("$path/history")), 4, 'nothing is rewritten';
    unlike +(entries(GET("$path/history", @bob)))[3], qr/Restore/, 'what is the same as now is no state to restore';
    ok $form->{version}, 'the form names a version';
};

topic 'of a deleted book' => 6, sub {
    POST('/delete/' . escaped($id), {}, @bob);
    my $page = GET("$path/history", @ann);
    is $page->{status}, 200;
    like +(entries($page))[0], qr/^Deleted $when by bob .* Restore the book$/;
    my $bin = GET('/changes?op=delete', @ann);
    my @bin = entries($bin);
    is scalar @bin, 1, 'the bin has it';
    like $bin[0], qr/^Deleted First \Q$id\E · $when by bob · History of \Q$id\E Restore$/;
    is POST("$path/restore", inputs($bin, qr/restore/), @ann)->{status}, 303;
    is_deeply inputs(GET('/changes?op=delete', @ann), qr/restore/), {}, 'a book that is there again is not restored from the bin';
};

topic 'of none: 404' => 3, sub {
    is GET($_)->{status}, 404, $_ for '/books/NOPE/history', '/api/books/NOPE/history', '/books/' . 'x' x 31 . '/history';
};

topic 'of all: by user, kind and day' => 12, sub {
    my ($today) = map { $_->[0] } $stack->mysql('SELECT UTC_DATE()');
    my %count = (
        '' => 6, 'user=ann' => 3, 'user=bob' => 3, 'user=nobody' => 0, 'op=update' => 3, 'user=bob&op=update' => 2, "day=$today" => 6,
        "day=$today&user=ann&op=add" => 2, 'day=2001-01-01' => 0, 'user=+ann+&op=&day=' => 3,
    );
    is scalar entries(GET("/changes?$_")), $count{$_}, "[$_]" for sort keys %count;
    is join(' ', map { $_->{op} } @{ $json->decode(GET('/api/changes?user=ann')->{content})->{changes} }), 'add update add', 'the newest first';
    is_deeply [grep { m{^/changes\?user=} } hrefs(GET('/changes'))], [map {"/changes?user=$_"} qw(ann bob bob ann bob ann)], 'names lead to what they did';
};

topic 'a wrong filter is refused' => 14, sub {
    for my $wrong ('op=x', 'day=2021-02-29', 'day=x', 'before=1', 'before=x-0', 'user=' . 'x' x 65, 'user=%00') {
        is GET("/$_?$wrong")->{status}, 400, "$_: $wrong" for 'changes', 'api/changes';
    }
};

topic 'days begin and end at midnight' => 3, sub {
    $stack->mysql(q{UPDATE music_changes SET at = '2020-03-01 23:59:59.999' WHERE version <= 2; UPDATE music_changes SET at = '2020-03-02 00:00:00' WHERE version = 3});
    is scalar entries(GET("/changes?day=$_->[0]")), $_->[1], $_->[0] for ['2020-03-01', 2], ['2020-03-02', 1], ['2020-03-03', 0];
};

topic 'page by page' => 10, sub {
    my $row = sub {
        my ($version, $part) = @_;
        my ($op, $who) = ((qw(add update))[$version % 2], (qw(ann bob import))[$version % 3]);
        return sprintf q{(%d, %d, '%s', 'N%d', '%s', UTC_TIMESTAMP(3), 7, NULL, 'N\\tTitle\\t\\t\\t\\t\\t')}, $version, $part, $op, $version % 2, $who;
    };
    $stack->mysql('INSERT INTO music_changes (version, part, op, book_id, actor, at, token, row_before, row_after) VALUES '
            . join ', ', (map { $row->($_, 0) } 101 .. 220), map { $row->(300, $_) } 0 .. 99);
    for my $filter ('', '?user=ann', '?op=update', '?user=bob&op=add') {
        my ($link, @places) = "/changes.atom$filter";
        while ($link) {
            my $page = GET($link)->{html};
            push @places, $page =~ m{/changes#(\d+-\d+)</id>}g;
            ($link) = map { s/&amp;/&/gr =~ s{^http://[^/]*}{}r } $page =~ m{rel="next" href="([^"]*)"};
        }
        my $where = join '', map { $filter =~ /$_->[0]=(\w+)/ ? " AND $_->[1] = '$1'" : '' } ['user', 'actor'], ['op', 'op'];
        my @all = map { $_->[0] } $stack->mysql("SELECT CONCAT(version, '-', part) FROM music_changes WHERE TRUE$where ORDER BY version DESC, part DESC");
        is_deeply \@places, \@all, "[$filter] each once";
    }
    my $first = GET('/changes');
    is scalar entries($first), 50;
    my ($older) = grep {/before=/} hrefs($first);
    is $older, '/changes?before=300-50';
    my $second = GET($older);
    is scalar entries($second), 50;
    ok +(grep { $_->[0] eq '/changes' && $_->[1] eq 'Newest' } links($second)), 'and back to the newest';
    is scalar entries(GET('/books/N1/history')), 50, 'of a book, too';
    like visible(GET('/changes?before=1-0')), qr/no older changes/;
};

# What one that reads backwards through an index has to step over; only pages of the log do.
sub steps_back { return +($stack->mysql(q{SHOW GLOBAL STATUS LIKE 'Handler_read_prev'}))[0][1] }

topic 'a page far back reads no other changes' => 8, sub {
    $stack->mysql('INSERT INTO music_changes (version, part, op, book_id, actor, at, token, row_before, row_after, edit) '
            . q{SELECT 1000 + n, 0, IF(n % 5 > 0, 'update', 'add'), 'N1', IF(n % 3 > 0, 'ann', 'bob'), UTC_TIMESTAMP(3), 7, NULL, row_after, 0 FROM }
            . '(SELECT a.row_after, ROW_NUMBER() OVER (ORDER BY a.version, a.part, b.version, b.part) AS n FROM music_changes AS a, music_changes AS b '
            . 'WHERE a.version > 100 AND b.version > 100 LIMIT 4000) AS numbered');
    for my $filter ('', 'op=update&', 'user=ann&', 'user=ann&op=add&') {
        my $before = steps_back();
        my @seen   = entries(GET("/changes?${filter}before=1600-0"));
        is scalar @seen, 50, "[$filter] a page";
        cmp_ok steps_back() - $before, '<', 400, 'at a small cost';
    }
};

topic 'the changes of an edit are not listed beside it, of a person neither' => 3, sub {
    $stack->mysql(q{UPDATE music_changes SET edit = 9 WHERE version = 300});
    is scalar(grep {/\b300-/} GET("/changes.atom$_")->{html} =~ m{/changes#(\d+-\d+)</id>}g), 0, "[$_]" for '?before=301-0', '?user=ann&before=301-0', '?op=add&before=301-0';
    $stack->mysql(q{UPDATE music_changes SET edit = 0 WHERE version = 300});
};

topic 'the feed' => 8, sub {
    my $feed = GET('/changes.atom?user=ann');
    is header($feed, 'Content-Type'), 'application/atom+xml; charset=utf-8';
    like $feed->{html}, qr/\A<\?xml version="1\.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/;
    my $site = $stack->url('');
    like $feed->{html}, qr{<id>\Q$site\E/changes\?user=ann</id>}, 'its links are absolute';
    like $feed->{html}, qr{<updated>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z</updated>};
    like $feed->{html}, qr{<author><name>ann</name></author>};
    is GET('/changes.atom?user=ann', 'If-None-Match' => header($feed, 'ETag'))->{status}, 304;
    ok +(having(GET('/changes?user=ann'), type => 'application/atom+xml'))[0]{href} eq '/changes.atom?user=ann', 'the page names it';
    unlike GET('/changes.atom')->{html}, qr/<1>|&(?!(?:amp|lt|gt|quot|#39);)/, 'escaped for XML';
};

topic 'a feed has no character that XML does not allow' => 3, sub {
    is POST('/add', { book_id => '!XML', title => "\x{FFFE}odd\x{FFFF}" }, signed_in('eve'))->{status}, 303;
    my $feed = GET('/changes.atom?user=eve')->{html};
    like $feed, qr/<title>Added: \x{FFFD}odd\x{FFFD}<\/title>/;
    unlike $feed, qr/[^\t\n\r\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]/;
};

topic 'JSON' => 5, sub {
    my $answer = $json->decode(GET("/api$path/history?per_page=3")->{content});
    is scalar @{ $answer->{changes} }, 3;
    my ($last) = @{ $answer->{changes} };
    is join('|', @$last{qw(op user book_id)}, ref $last->{before}, $last->{after}{title}), "add|ann|$id||First";
    is $answer->{links}{next}, "/api$path/history?per_page=3&before=$answer->{changes}[2]{version}-0";
    is scalar @{ $json->decode(GET($answer->{links}{next})->{content})->{changes} }, 3, 'the rest';
    is GET("/api/changes?per_page=$_")->{status}, 400, "per_page $_" for 101;
};

run_topics;
