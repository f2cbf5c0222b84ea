# bookshare-generate by itself: the same books for the same seed, books that fit the table, errors that are reported.
# What the servers make of its output is in generate-import.t.

use v5.20;
use warnings;
use utf8;

use Encode qw(decode FB_CROAK LEAVE_SRC);
use File::Temp;
use List::Util qw(max sum);
use Test::More tests => 8;
use Time::Local qw(timegm_modern);

binmode $_, ':encoding(UTF-8)' for Test::More->builder->output, Test::More->builder->failure_output;

my $program = ($ENV{BOOKSHARE_BUILD}  // '.') . '/bookshare-generate';
my $schema  = ($ENV{BOOKSHARE_SOURCE} // '.') . '/sql/schema.sql';

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!";
    local $/;
    return <$in> // '';
}

# Runs the program; its standard output goes to the file $to, or is returned. Returns exit status, output, errors.
sub generate_to {
    my ($to, @words) = @_;
    my ($out, $err) = map { File::Temp->new } 1 .. 2;
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        open STDOUT, '>', $to // $out->filename or die "$to: $!";
        open STDERR, '>', $err->filename or die $!;
        exec $program, @words or die "$program: $!";
    }
    waitpid $pid, 0;
    return ($? >> 8, slurp($out), slurp($err));
}

sub generate {
    return generate_to(undef, @_);
}

sub tsv {
    my ($status, $out, $err) = generate('--format', 'tsv', @_);
    die "bookshare-generate @_: $status $err" if $status != 0 || $err ne '';
    return $out;
}

subtest 'the seed alone decides' => sub {
    plan tests => 7;
    my $books = tsv('--rows', 500, '--seed', 7);
    is tsv('--rows', 500, '--seed', 7), $books, 'the same seed gives the same bytes';
    isnt tsv('--rows', 500, '--seed', 8), $books, 'another seed gives other books';
    is tsv('--rows', 500), tsv('--rows', 500, '--seed', 1), 'the default seed is 1';
    is substr(tsv('--rows', 900, '--seed', 7), 0, length $books), $books, 'a longer table begins with the shorter one';
    is tsv('-r', 500, '-s', 7), $books, 'short options';
    isnt tsv('--rows', 500, '--seed', '18446744073709551615'), $books, 'the highest seed';
    local @ENV{qw(TZ LC_ALL)} = ('Asia/Kathmandu', 'tr_TR.UTF-8');
    is tsv('--rows', 500, '--seed', 7), $books, 'time zone and locale do not matter';
};

my $text  = tsv('--rows', 20_000);
my @lines = split /\n/, decode('UTF-8', $text, FB_CROAK | LEAVE_SRC);
my @books = map { [split /\t/, $_, -1] } @lines;

sub column {
    my ($i) = @_;
    return map { $_->[$i] } @books;
}

subtest 'each row fits the table' => sub {
    plan tests => 10;
    is scalar @books, 20_000, 'as many rows as asked for';
    is scalar(grep { @$_ != 7 } @books), 0, 'seven columns each';
    unlike $text, qr/[^\n]\z/, 'the last line is ended';
    my @most = (30, 255, 100, 255, 255, 50, 10);
    my @long = grep { my $i = $_; max(map { length } column($i)) > $most[$i] } 0 .. 6;
    is "@long", '', 'no column has too many characters';
    is scalar(grep { /[^\P{Cc}\t]/ } @lines), 0, 'no control characters';
    is scalar(grep { /^\s|\s$|^$/ } map { @$_ } @books), 0, 'no blanks around a field, no empty field';
    is scalar(grep { $_->[0] eq '\N' || $_->[1] eq '\N' } @books), 0, 'book_id and title are always there';
    my %ids = map { $_ => 1 } column(0);
    is scalar keys %ids, 20_000, 'no book_id twice';
    is scalar(grep { $books[$_][0] !~ /^\w{1,6}[1-9]\d\d-@{[$_ + 1]}$/ } 0 .. $#books), 0,
        'a book_id is initials, number, row';
    is scalar(grep { my $date = $_; $date ne '\N' && !is_date($date) } column(6)), 0, 'dates are of the calendar';
};

sub is_date {
    my ($year, $month, $day) = $_[0] =~ /^(\d{4})-(\d\d)-(\d\d)$/ or return 0;
    return eval { timegm_modern(0, 0, 0, $day, $month - 1, $year); 1 };
}

subtest 'the books are of many kinds' => sub {
    my @scripts = qw(Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Devanagari Thai Han Hiragana Hangul);
    plan tests => 5 + 3 + 2 * @scripts + 7;
    for my $i (2 .. 6) {
        my $share = grep({ $_ eq '\N' } column($i)) / @books;
        ok $share > 0.005 && $share < 0.15, "column $i is NULL at times ($share)";
    }
    my %categories;
    $categories{$_}++ for grep { $_ ne '\N' } column(2);
    ok keys %categories >= 20 && keys %categories <= 40, '20 to 40 categories';
    my $most = max(values %categories) / @books;
    ok $most > 0.15 && $most < 0.25, "the most frequent one has about a fifth of the books ($most)";
    my $mean = length($text) / @books;
    ok $mean > 100 && $mean < 125, "a row has about 110 bytes ($mean)";
    for my $script (@scripts) {
        ok scalar(grep { /\p{Script=$script}/ } column(1)), "titles in $script";
        ok scalar(grep { /\p{Script=$script}/ } column(3)), "authors in $script";
    }
    ok scalar(grep { /\Q$_\E/ } column(1)), "titles with $_" for "'", '"', '&', '\\\\', 'é';
    ok scalar(grep { /\Q$_\E/ } column(3)), "authors with $_" for '&', '"';
};

subtest 'the SQL file' => sub {
    plan tests => 7;
    my (undef, $sql) = generate('--rows', 20_000);
    is $sql, (generate('--format', 'sql', '--rows', 20_000))[1], 'is the default';
    isnt index($sql, slurp($schema)), -1, 'holds the schema';
    my @rows = $sql =~ /^\('/mg;
    is scalar @rows, 20_000, 'has all rows';
    my @inserts = $sql =~ /^(INSERT INTO .*?;\n)/msg;
    cmp_ok scalar @inserts, '>', 1, 'has more than one statement';
    cmp_ok max(map { length } @inserts), '<', 1_000_000, 'each of which fits into a packet of 1 MB';
    my $without = join '', $sql =~ /^\('(.*)'/mg;
    like $without, qr/[^\\]\\'/, 'escapes quotes';
    like $without, qr/\\\\/, 'escapes backslashes';
};

subtest 'no rows' => sub {
    plan tests => 4;
    is tsv('--rows', 0), '', 'tsv: nothing';
    my ($status, $sql) = generate('--rows', 0);
    is $status, 0;
    like $sql, qr/CREATE TABLE/, 'sql: an empty table';
    unlike $sql, qr/INSERT INTO music\b/;
};

subtest 'wrong words are refused' => sub {
    my @wrong = (
        [], ['--rows'], ['--rows', ''], ['--rows', 'many'], ['--rows', '-1'], ['--rows', ' 1'], ['--rows', '1.5'],
        ['--rows', '1e3'], ['--rows', '100000001'], ['--rows', '18446744073709551617'], ['--rows', 1, '--seed', ''],
        ['--rows', 1, '--seed', '-1'], ['--rows', 1, '--seed', '18446744073709551616'],
        ['--rows', 1, '--format', 'csv'], ['--rows', 1, 'more'], ['--rows', 1, '--bogus'],
    );
    plan tests => 3 * @wrong;
    for my $words (@wrong) {
        my ($status, $out, $err) = generate(@$words);
        is $status, 2, "bookshare-generate @$words";
        is $out, '', 'prints nothing';
        like $err, qr/^\S*bookshare-generate: \S.*--help/s, 'says what is wrong';
    }
};

subtest 'help and version' => sub {
    plan tests => 4;
    my ($status, $out) = generate('--help');
    is $status, 0;
    like $out, qr/--rows.*--seed.*--format/s, 'help names the options';
    ($status, $out) = generate('--version');
    is $status, 0;
    like $out, qr/^bookshare-generate \d+\.\d+/, 'version';
};

subtest 'what can not be written is reported' => sub {
    plan tests => 5;
    for my $rows (1, 100_000) {
        my ($status, undef, $err) = generate_to('/dev/full', '--rows', $rows);
        is $status, 1, "a full disk, $rows rows";
        like $err, qr/No space left/;
    }
    my $errors = File::Temp->new;
    system 'sh', '-c', '{ "$1" --rows 1000000; echo $? >&2; } 2>"$2" | head -n 1 >/dev/null', 'sh',
        $program, $errors->filename;
    like slurp($errors), qr/Broken pipe\n1\n\z/, 'a reader that goes away';
};
