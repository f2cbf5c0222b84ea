# The search index in good times and bad: every worker finds a write immediately; without an index the table is searched; its
# builder may be killed at any time.

use v5.20;
use warnings;
use utf8;

use File::Path qw(remove_tree);
use Time::HiRes qw(sleep time);

use BookShare::Test;

my $stack = stack(rows => 3000, workers => 3);
my $index = $stack->dir . '/index';

# ASCII alone, where the collation of the table and the folded text agree to the letter.
$stack->mysql("DELETE FROM music WHERE CONCAT_WS('', book_id, title, category, authors, publisher, edition) NOT REGEXP '^[ -~]*\$'");
cli('cache', 'clear');

sub search     { return GET('/list?search=' . escaped($_[0])) }
sub ids        { return join ' ', map { $_->[0] } rows($_[0]) }

# The different answers of all workers.
sub answers { my %seen = map { $_ => 1 } everywhere(@_); return join ' | ', sort keys %seen }

sub wait_for_index {
    return wait_for('the index', 20, sub { answers(sub { from_index(search('zq')) }) eq '1' });
}

topic 'a search is answered from the index, and says so' => 4, sub {
    ok wait_for_index(), 'every worker has it';
    like message(search('a')), qr/^Data loaded from the search index\. Length: \d+\. Time took: /;
    is header(search('a'), 'Cache-Status'), 'bookshare; hit; detail=find-index';
    like header(search('a'), 'Bookshare-Version'), qr/^\d+-\d+-[0-9a-f]{15}$/, 'with its version';
};

topic 'what was written is found at once, at every worker' => 6, sub {
    my $found = sub { my ($term) = @_; return answers(sub { ids(search($term)) }) };
    add_book(book_id => '!F1', title => 'Zqfirst Ängström');
    is $found->('zqfirst'), '!F1', 'a new book';
    is $found->('angstrom zqfirst'), '!F1', 'folded';
    POST('/update/!F1', { title => 'Zqsecond' });
    is $found->('zqfirst'), '', 'what it was called is gone';
    is $found->('zqsecond'), '!F1', 'what it is called is there';
    POST('/delete/!F1', {});
    is $found->('zqsecond'), '', 'and it goes with the book';
    is $found->('id:!F1'), '', 'by its ID too';
};

topic 'the file is damaged, again and again: every answer is right, no worker ends, another file is made' => 8, sub {
    allow(qr/books\.index is damaged/);
    my @words  = ('a', 'the', 'e -z', 'author:a', 'zq');
    my @before = workers();
    my $totals = sub { join ' ', map { my ($total) = message($_[0]->($_)) =~ /Length: (\d+)/; $total // '-' } @words };
    wait_for_index();
    my $right = $totals->(\&search);
    my $size  = -s "$index/books.index";
    my @ways  = (
        sub { substr $_[0], $size / 2, 9000, "\xA5" x 9000 },
        sub { substr $_[0], $size / 3, 1, chr(1 ^ ord substr $_[0], $size / 3, 1) },
        sub { substr $_[0], 40, 4, "\xFF" x 4 },
        sub { $_[0] = substr $_[0], 0, $size / 2 },
        sub { $_[0] .= 'x' x 5000 },
        sub { (substr($_[0], $size / 4, 4096), substr($_[0], $size / 2, 4096)) =
                (substr($_[0], $size / 2, 4096), substr($_[0], $size / 4, 4096)) },
    );
    for my $way (@ways) {
        open my $file, '<:raw', "$index/books.index" or die $!;
        my $bytes = do { local $/; readline $file };
        $way->($bytes);
        unlink "$index/books.index";                      # not under the feet of those who have it open
        open $file, '>:raw', "$index/books.index.damaged" or die $!;
        print {$file} $bytes;
        close $file;
        rename "$index/books.index.damaged", "$index/books.index" or die $!;
        is answers(sub { $totals->(\&search) }), $right;
        wait_for_index();
    }
    is $totals->(\&search), $right, 'by the new file, too';
    is_deeply [workers()], \@before;
};

topic 'every write of many is found, whichever worker is asked' => 1, sub {
    my $missed = 0;
    for my $n (1 .. 150) {
        add_book(book_id => "!W$n", title => "Zqmany number$n");
        $missed++ if ids(search("zqmany number$n")) !~ /^!W$n\b/;
    }
    is $missed, 0;
};

topic 'the same books as LIKE finds' => 2, sub {
    my @titles = map { $_->[0] } $stack->mysql("SELECT title FROM music ORDER BY RAND(7) LIMIT 150");
    my @terms;
    for my $title (@titles) {
        my @words = grep { /^[A-Za-z]+$/ } split ' ', $title;
        push @terms, grep {length} map { ($_, lc substr $_, 1, 3) } @words[0 .. ($#words < 1 ? $#words : 1)];
    }
    # What LIKE does not see: letters that a collation tells apart, and joints of words.
    my $text = q{CONCAT_WS('|', title, category, authors, publisher, edition)};
    my @pairs = (map({ [$_, ''] } '-', '.', q{\'}, '’'), map { [/^(.)(.+)/] } qw(Øo øo Łl łl Đd đd Ðd ðd Þth þth Æae æae Œoe œoe ßss ıi));
    $text = "REPLACE($text, '$_->[0]', '$_->[1]')" for @pairs;
    $stack->mysql("CREATE TABLE plain AS SELECT book_id, $text AS text FROM music");
    my @counts = $stack->mysql(join ' UNION ALL ',
        map {"(SELECT COUNT(*) FROM plain WHERE LOWER(book_id) LIKE LOWER('$_%') OR text LIKE '%$_%')"} @terms);
    $stack->mysql('DROP TABLE plain');
    my @wrong;
    for my $term (@terms) {
        my ($length) = message(search($term)) =~ /Length: (\d+)/;
        my $count = (shift @counts)->[0];
        push @wrong, "$term: $length instead of $count" if $length != $count;
    }
    my $tried = @terms;
    cmp_ok $tried, '>', 200, "$tried terms";
    is "@wrong", '', 'no difference';
};

topic 'edits that bypass the application show after cache clear' => 2, sub {
    $stack->mysql("UPDATE music SET title = 'Zqpast' WHERE book_id = '!W1'");
    is +(cli('cache', 'clear'))[0], 0;
    is answers(sub { ids(search('zqpast')) }), '!W1';
    wait_for_index();
};

topic 'while MySQL is down, searches continue, marked as possibly stale' => 4, sub {
    $stack->pause('mysql');
    my $page = search('zqmany number7');
    $stack->resume('mysql');
    is $page->{status}, 200;
    shows $page, qr/may be out of date/;
    is header($page, 'Cache-Status'), 'bookshare; hit; detail=unverified';
    ok wait_for('certainty', 10, sub {
        answers(sub { from_index(search('zqmany')) . POST('/update/!W2', { title => 'Zqmany' . rand })->{status} }) eq '1303';
    }), 'and are certain again afterwards';
};

topic 'and they find writes even if nobody has searched since' => 2, sub {
    my $page;
    add_book(book_id => '!UNSOUGHT', title => 'Zqunsought');
    # Nobody searches while MySQL answers. Workers follow once a second when they are idle: that is left to them each time.
    ok wait_for('every worker to have followed', 20, sub {
        sleep 1.5;
        $stack->pause('mysql');
        my $seen = answers(sub { $page = search('zqunsought'); "$page->{status} " . ids($page) });
        $stack->resume('mysql');
        $seen eq '200 !UNSOUGHT';
    }), 'found everywhere';
    shows $page, qr/may be out of date/;
    wait_for('certainty', 10, sub { answers(sub { from_index(search('zq')) }) eq '1' });
};

topic 'so many changes that another index is made' => 4, sub {
    my $made = (stat "$index/books.index")[9];
    my $file = $stack->dir . '/many.tsv';
    open my $out, '>', $file or die $!;
    print {$out} "book_id\ttitle\n", map {"!X$_\tZqmore $_\n"} 1 .. 2500;
    close $out;
    is +(cli('import', $file))[0], 0, 'bookshare import';
    is answers(sub { message(search('zqmore')) =~ /Length: (\d+)/; $1 }), 2500, 'all are found at once';
    ok wait_for('another index', 20, sub { search('zqmore'); (stat "$index/books.index")[9] != $made }), 'one is made';
    is answers(sub { message(search('zqmore')) =~ /Length: (\d+)/; $1 }), 2500, 'and nothing is lost';
};

# The processes below a worker, which make an index or a list.
sub makers {
    my %worker = map { $_ => 1 } $stack->pids('worker');
    my @makers;
    for my $file (glob '/proc/[0-9]*/stat') {
        open my $in, '<', $file or next;
        my ($pid, $parent) = (readline($in) // '') =~ /^(\d+) \(.*\) \S (\d+)/ or next;
        push @makers, $pid if $worker{$parent};
    }
    return @makers;
}

topic 'its builder is killed: the next worker builds it' => 4, sub {
    my $killed = 0;
    for my $turn (1 .. 40) {
        unlink "$index/books.index";
        search('zq');
        for (1 .. 50) {
            my @makers = makers() or next;
            $killed += kill 'KILL', @makers;
            last;
        }
        last if $killed >= 3;
    }
    cmp_ok $killed, '>=', 1, "$killed killed";
    is search('zqpast')->{status}, 200, 'searches are answered all the while';
    ok wait_for_index(), 'and from an index in the end';
    is scalar(grep { !/\b(?:books\.index(?:\.new)?|lock)$/ } glob "$index/*"), 0, 'nothing else is left behind';
};

topic 'a broken index is ignored' => 2, sub {
    open my $file, '>', "$index/books.index" or die $!;
    print {$file} "BSINDEX\0", 'x' x 5000;
    close $file;
    is search('zqpast')->{status}, 200;
    ok wait_for_index(), 'another one is made';
};

topic 'if no index can be built, the table is searched' => 4, sub {
    remove_tree($index);
    open my $file, '>', $index or die $!;
    close $file;
    allow(qr/the search index was not rebuilt/);
    ok wait_for('an answer', 20, sub { search('zqpast')->{status} == 200 });
    ok from_mysql(search('zqpast')), 'and says so';
    is ids(search('zqmany number99')), '!W99';
    unlink $index;
    ok wait_for_index(), 'and it is made as soon as it can be';
};

run_topics;
