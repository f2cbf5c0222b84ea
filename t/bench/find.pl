#!/usr/bin/perl
# Measures searches, orders and choices from the search index, and what they are held against on the same rows, in one
# run: LIKE '%...%' by MySQL, and the indexes of trigrams of SQLite (FTS5) and PostgreSQL (pg_trgm), as far as they are
# installed (Debian: sqlite3, postgresql):
#
#     make bench-find [ROWS=500000] [TRIES=9] [LIKES=3]
#
#     TRIES   times that each query is asked of the index, and of these
#     LIKES   times that each is asked of MySQL; 0 leaves that out, which takes most of the time
#
# The others have all books before the first question, so that no question waits for them. Each figure is what a worker
# takes (Server-Timing), in milliseconds, the first time and as a median: to load a page with its facets, and to answer
# with the rendered page. Nothing is kept between two of them. Of the others it is what the client waits for the same
# page and the number of books, without facets. Prints a table, the size of the index, how long making it takes and the
# most memory that takes, and writes find.json to bench/ in the folder of the build. With ten million books, loading
# takes half an hour and 17 GB.

use v5.20;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../../contrib/stack/lib";

use File::Path qw(make_path);
use File::Spec;
use File::Temp;
use HTTP::Tiny;
use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Bench::Engine::PostgreSQL;
use BookShare::Bench::Engine::SQLite;
use BookShare::Bench::Report qw(median number table machine load write_json);
use BookShare::Bench::Variants qw(settings);
use BookShare::Stack;

$| = 1;
$SIG{INT} = $SIG{TERM} = $SIG{HUP} = sub { exit 130 };

my %set    = settings({ ROWS => 500_000, TRIES => 9, LIKES => 3 }, @ARGV);
my $build  = File::Spec->rel2abs($ENV{BOOKSHARE_BUILD} // '.');
my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $stack  = BookShare::Stack->new(
    dir => $folder->dirname, build => $build, source => $ENV{BOOKSHARE_SOURCE} // '.', rows => $set{ROWS}, workers => 1,
    env => { BOOKSHARE_MYSQL_TIMEOUT_S => 600 },
);
my $http = HTTP::Tiny->new(timeout => 600, keep_alive => 0);
my $began = time;

sub note { printf "%6.1f s  %s\n", time - $began, join '', @_ }

# Asks once, in another way each time: an answer that was kept would not be measured. Returns the milliseconds of loading
# and of all, where the answer came from, and the number of books.
my $asked = 0;
sub ask {
    my ($query) = @_;
    my $answer = $http->get($stack->url("/list?$query&n=" . ++$asked));
    die "/list?$query: $answer->{status}\n" if $answer->{status} != 200;
    my $timing = $answer->{headers}{'server-timing'};
    $timing = join ', ', @$timing if ref $timing;
    my ($load) = $timing =~ /load;desc="[^"]*";dur=([\d.]+)/ or die "no timing\n";
    my ($all)  = $timing =~ /total;dur=([\d.]+)/;
    my ($source, $books) = $answer->{content} =~ /Data loaded from (.*?)\. Length: (\d+)/s;
    return { load => $load, all => $all, source => $source, books => $books };
}

sub wait_for_source {
    my ($wanted) = @_;
    my $end = time + 1800;
    while (((eval { ask('search=qqqqqq') } // {})->{source} // '') !~ $wanted) {    # 503 while the index is being made
        die "no answer from $wanted\n" if time > $end;
        sleep 0.1;
    }
    return;
}

sub median_of { my ($key, @answers) = @_; return scalar median(map { $_->{$key} } @answers) }

# ---- What is asked

sub one { my ($sql) = @_; my ($row) = $stack->mysql($sql); return $row->[0] }
sub encoded { return $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger }

$stack->start;
note("$set{ROWS} books");

# ---- The peers

# Writes all books to a file, in parts, since the client keeps what it gets.
sub write_books {
    my ($file) = @_;
    open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
    my $after = '';
    while (1) {
        my $from = $after =~ s/'/''/gr;
        my @part = $stack->mysql("SELECT book_id, title, category, authors, publisher, edition, available_from FROM music WHERE book_id > '$from' ORDER BY book_id LIMIT 20000");
        last if !@part;
        print {$out} join("\t", map { defined ? s/[\\\t\n"]/ /gr : '' } @$_), "\n" for @part;
        $after = $part[-1][0];
    }
    close $out or die "$file: $!\n";
    return;
}

my @engines;
for my $class (grep { $_->is_there } qw(BookShare::Bench::Engine::SQLite BookShare::Bench::Engine::PostgreSQL)) {
    my $file = $folder->dirname . '/books.tsv';
    write_books($file) if !@engines;
    push @engines, $class->new($folder->dirname, $file);
    note($class->name, ' has the books');
}
wait_for_source(qr/index/);
note('there is an index');

# A word of some ten books, one of some 20 % of all, and three words of one title.
sub count_of { return ask('search=' . encoded($_[0]))->{books} }

my @titles = map { $_->[0] } $stack->mysql("SELECT title FROM music WHERE title REGEXP '^[A-Za-z ]+\$' LIMIT 400");
my %seen;
my @words = grep { !$seen{$_}++ } qw(the of and), map { lc } grep { length >= 2 } map { split ' ' } @titles;
my %count = map { $_ => count_of($_) } @words[0 .. ($#words < 299 ? $#words : 299)];
my ($rare)   = sort { abs($count{$a} - 10) <=> abs($count{$b} - 10) || $a cmp $b } keys %count;
my ($common) = sort { abs($count{$a} - $set{ROWS} / 5) <=> abs($count{$b} - $set{ROWS} / 5) || $a cmp $b } keys %count;
my $three    = join ' ', (split ' ', one("SELECT title FROM music WHERE title REGEXP '^[A-Za-z]+( [A-Za-z]+){2}' LIMIT 1"))[0 .. 2];
my $category = one('SELECT category FROM music WHERE category IS NOT NULL GROUP BY category ORDER BY COUNT(*) DESC LIMIT 1');
my $edition  = one('SELECT edition FROM music WHERE edition IS NOT NULL GROUP BY edition ORDER BY COUNT(*) DESC LIMIT 1');
my $last     = int(($set{ROWS} + 99) / 100);

# The condition of a search in SQL: each word in any of the columns.
sub like {
    return join ' AND ', map { my $word = $_; '(' . join(' OR ', map {"$_ LIKE '%$word%'"} qw(title category authors publisher edition)) . ')' }
        split ' ', $_[0];
}

my ($category_sql, $edition_sql) = map { s{'}{''}gr } $category, $edition;
my $filters = "category = '$category_sql' AND edition = '$edition_sql' AND available_from >= '2010-01-01'";
my $chosen  = 'category=' . encoded($category) . '&edition=' . encoded($edition) . '&from=2010-01-01';
my @queries = (
    map({ [$_->[0], 'search=' . encoded($_->[1]), like($_->[1]) . ' ORDER BY book_id', 0, $_->[1]] } ['rare term', $rare], ['common term', $common],
        ['one letter', 'e'], ['two letters', 'er'], ['three words', $three], ['missing term', 'qxzqxz']),
    ['three filters', $chosen, "$filters ORDER BY book_id"],
    ['all together', "search=e&sort=-title&$chosen", like('e') . " AND $filters ORDER BY title DESC, book_id DESC"],
    map {
        my $column = $_;
        map { ["sort by $column, page $_", "sort=-$column&page=$_", "TRUE ORDER BY $column DESC, book_id DESC", 100 * ($_ - 1)] } 1,
            int($last / 2), $last
    } qw(book_id title category authors publisher edition available_from)
);

# ---- The index

my @rows;
for (@queries) {
    my ($name, $query, $sql, $offset, $words) = @$_;
    my @answers = map { ask($query) } 1 .. $set{TRIES};
    push @rows, {
        name => $name, query => $query, sql => $sql, offset => $offset // 0, words => $words, books => $answers[0]{books},
        first => $answers[0]{load}, median => median_of('load', @answers), page_first => $answers[0]{all}, page => median_of('all', @answers)
    };
}
note('asked the index; load of the machine ', number(load()));

# The same while somebody writes, twenty times a second or so.
my $writer = fork // die "fork: $!\n";
if (!$writer) {
    $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
    my $other = HTTP::Tiny->new(max_redirect => 0);
    for my $n (1 .. 100_000) {
        $other->post_form($stack->url('/add'), { book_id => "!w$n", title => "Written $n", category => $category });
        sleep 0.05;
    }
    POSIX::_exit(0);
}
for my $row (@rows) {
    $row->{writing} = median_of('load', map { ask($row->{query}) } 1 .. $set{TRIES});
}
kill 'KILL', $writer;
waitpid $writer, 0;
note('and while books are written');

my %index = (bytes => -s "$folder/index/books.index");
{
    local %ENV = (%ENV, $stack->env);
    my $start = time;
    open my $maker, '-|', 'perl', '-e',
        'my $pid = fork; if (!$pid) { exec @ARGV } my $most = 0;'
        . 'while (!waitpid $pid, 1) { if (open my $f, "<", "/proc/$pid/status") { while (<$f>) { $most = $1 if /^RssAnon:\s+(\d+)/ && $1 > $most } } select undef, undef, undef, 0.02 } print "$most\n"',
        "$build/bookshare", 'index', 'make';
    $index{memory} = readline $maker;
    close $maker;
    $index{seconds} = time - $start;
}
note('rebuilt the index');

# ---- LIKE

# Milliseconds of some statements, with the time of starting the client.
sub took { my ($sql) = @_; my $start = time; $stack->mysql($sql); return 1000 * (time - $start) }

my $client = median(map { took('SELECT 1') } 1 .. 5);
for my $row ($set{LIKES} > 0 ? @rows : ()) {
    my ($condition) = $row->{sql} =~ /^(.*) ORDER BY/;
    my $sql = "SELECT COUNT(*) FROM music WHERE $condition; SELECT * FROM music WHERE $row->{sql} LIMIT 100 OFFSET $row->{offset}";
    $row->{like} = median(map { took($sql) - $client } 1 .. $set{LIKES});
}
note('asked MySQL; load of the machine ', number(load()));

# ---- The peers once more

for my $engine (@engines) {
    for my $row (grep { defined $_->{words} } @rows) {
        ($row->{ $engine->name }, my $books) = $engine->search($row->{words}, $set{TRIES});
        note("$row->{name}: ", $engine->name, " finds $books, we $row->{books}") if $books != $row->{books};
    }
    $engine->stop;
    note('asked ', $engine->name);
}
my @problems = $stack->problems;
$stack->stop;

print "\n", table(
    ['', 'books', 'load ms, first', 'median', 'while writing', 'page ms, first', 'median', 'LIKE ms', 'LIKE / load', map { $_->name . ' ms' } @engines],
    map {
        my $row = $_;
        [$row->{name}, $row->{books}, map { defined ? number($_) : '' } @$row{qw(first median writing page_first page like)},
            $row->{like} && $row->{like} / $row->{median}, map { $row->{ $_->name } } @engines]
    } @rows
), "\n";
printf "index: %d bytes, %.0f a book; made in %.2f s with at most %.0f MB of its own memory\n", $index{bytes},
    $index{bytes} / $set{ROWS}, $index{seconds}, $index{memory} / 1024;
make_path "$build/bench";
write_json("$build/bench/find.json", { settings => \%set, machine => machine(), rows => \@rows, index => \%index });
say for @problems;
exit(@problems ? 1 : 0);
