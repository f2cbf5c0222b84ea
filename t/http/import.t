# bookshare import: files checked line by line and written in batches; repeated after a kill.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);
use File::Temp;
use POSIX ();
use Time::HiRes qw(sleep);

use BookShare::Test;

my $stack = stack(rows => 250, workers => 2, page_files => 1);
my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);

# Writes a file of this text (characters) and returns its name.
sub file {
    my ($name, $text) = @_;
    open my $out, '>:raw', "$place/$name" or die "$name: $!";
    print {$out} encode('UTF-8', $text);
    close $out or die "$name: $!";
    return "$place/$name";
}

sub slurp { open my $in, '<:encoding(UTF-8)', $_[0] or die "$_[0]: $!"; local $/; return readline $in }

# Status, output and errors in one.
sub import { my @got = cli('import', @_); return (@got, join '', @got[1, 2]) }

sub number { return ($stack->mysql($_[0]))[0][0] }

sub version { return number('SELECT version FROM music_version') }

# The list in Redis and the count match the table; patched, not rebuilt, since this generation.
sub follows {
    my ($generation) = @_;
    my ($status, $out) = cli('cache', 'verify');
    is "$status $out" =~ s/\s+\z//r, '0 differences: 0', 'the list is the table';
    is number('SELECT books = (SELECT COUNT(*) FROM music) FROM music_version'), 1, 'the books are counted';
    is $stack->redis('HGET', '{bookshare}:meta', 'generation'), $generation, 'the list was patched' if $generation;
    return;
}

cli('cache', 'warm');
my $built = $stack->redis('HGET', '{bookshare}:meta', 'generation');

topic 'a file of three kinds of lines' => 14, sub {
    warm('/list');
    my $csv = file('a.csv', "\x{feff}Title;ID;Authors\r\n\"One; \"\"1\"\"\";!I1;Æ\r\n\r\n Two ;!I2;\r\n");
    my $before = version();
    my ($status, $out, $err) = import($csv);
    is $status, 0, $err;
    like $out, qr/^added 2, replaced 0, unchanged 0, skipped 0, bad 0 /;
    is_deeply stored('!I1'), ['!I1', 'One; "1"', undef, 'Æ', undef, undef, undef];
    is_deeply stored('!I2'), ['!I2', 'Two', (undef) x 5];
    is version(), $before + 1, 'one version';
    is_deeply [$stack->mysql("SELECT part, op, book_id, actor FROM music_changes WHERE version = $before + 1 ORDER BY part")],
        [[0, 'add', '!I1', 'import'], [1, 'add', '!I2', 'import']], 'of two changes';
    is +(rows(GET('/list')))[0][1], 'One; "1"', 'the next page has them';
    follows($built);
    ($status, $out) = import($csv);
    like $out, qr/^added 0, replaced 0, unchanged 2, skipped 0, bad 0 /, 'once more: nothing';
    is version(), $before + 1, 'and no version';
    my $ndjson = file('a.ndjson', qq({"book_id": "!I3", "title": "Three", "edition": 3}\n));
    is +(import($ndjson))[0], 0, 'an object';
    is stored('!I3')->[5], '3';
};

topic 'a TSV of the generator' => 6, sub {
    my ($status, $tsv) = $stack->run_program('', $stack->program('bookshare-generate'), '--rows', 1200, '--seed', 5, '--format', 'tsv');
    my $file = file('b.tsv', Encode::decode('UTF-8', $tsv));
    my $before = version();
    ($status, my ($out, $err)) = import($file);
    like $out, qr/^added 1200, /, $err;
    is version(), $before + 12, 'twelve batches, twelve versions';
    follows($built);
    my @lines = split /\n/, Encode::decode('UTF-8', $tsv);
    my @wrong = grep {
        my @fields = map { $_ eq '\N' ? undef : s/\\\\/\\/gr } split /\t/;
        my $there = stored($fields[0]) // [];
        "@{[map { $_ // '-' } @fields]}" ne "@{[map { $_ // '-' } @$there]}";
    } @lines[map { $_ * 40 } 0 .. 29];
    is "@wrong", '', 'to the letter';
};

topic 'an ID that comes again many lines later' => 8, sub {
    my $lines = "book_id,title\n~A,One\n~S,Same\n" . join('', map {"~L$_,x\n"} 1 .. 300) . "~A,Two\n~S,Same\n";
    my ($file, $before) = (file('later.csv', $lines), version());
    my ($status, undef, undef, $said) = import('--on-duplicate', 'error', $file);
    is $status, 1;
    like $said, qr/line 304: book_id: A book with this ID exists/;
    like $said, qr/nothing imported: 1 bad line/;
    is version(), $before, 'nothing is changed';
    for my $try ('--dry-run', '--batch=250') {
        like +(import($try, $file))[1], qr/added 302, replaced 0, unchanged 1, skipped 1, bad 0 /, $try;
    }
    is stored('~A')->[1], 'One';
    is number("SELECT COUNT(*) FROM music WHERE book_id LIKE '~%'"), 302;
    $stack->mysql("DELETE FROM music WHERE book_id LIKE '~%'");
    cli('cache', 'clear');
    cli('cache', 'warm');
    $built = $stack->redis('HGET', '{bookshare}:meta', 'generation');
};

topic 'skipped lines are reported, in full with --report' => 11, sub {
    my $file = file('t.csv', "book_id,title\n~D1,first\n~D1,second\n~D2,alone\n");
    my ($status, $out, $err) = import('--dry-run', '--report', "$place/report", $file);
    is $status, 0;
    like $out, qr/added 2, .* skipped 1,/;
    is $err, "line 3: book_id: Same ID as on line 2: skipped.\n", 'beforehand';
    is slurp("$place/report"), $err, 'in a file';
    ($status, $out, $err) = import($file);
    is $err, "line 3: book_id: A book with this ID exists: skipped.\n", 'and afterwards';
    my $many = file('m.csv', "ID,Title\n" . "x,\n" x 250);
    ($status, $out, $err) = import('--report', "$place/report", $many);
    is $status, 1;
    is scalar(() = $err =~ /^line/mg), 100;
    is scalar(() = slurp("$place/report") =~ /^line/mg), 250, 'all of them';
    ($status, undef, $err) = import('--report', "$place/none/report", $many);
    is $status, 1, 'a report that cannot be written';
    like $err, qr/No such file/;
    ($status, undef, $err) = import(file('trap.tsv', "ISBN\tTitle\tAuthor\tPress\tGenre\tBinding\t\nT7-1\tDune Road\tF\tC\tSF\tH\t\n"));
    like $err, qr/unknown: "ISBN", "Author", "Press", "Genre", "Binding", ""\. Valid names are book_id/, 'a TSV of somebody else';
    $stack->mysql("DELETE FROM music WHERE book_id LIKE '~D%'");
    cli('cache', 'clear');
    cli('cache', 'warm');
    $built = $stack->redis('HGET', '{bookshare}:meta', 'generation');
};

topic 'another book with the ID: skipped, replaced or an error' => 17, sub {
    my $all  = 'book_id,title,category,authors,publisher,edition,available_from';
    my $file = file('c.csv', "$all\n!I1,Other,,,,,\n!I2,Two,,,,,\n!I4,Four,,,,,\n!I4,Four again,,,,,\n");
    my $before = version();
    my ($status, $out, undef, $said) = import('--on-duplicate', 'error', $file);
    is $status, 1, 'error';
    like $said, qr/line 2: book_id: A book with this ID exists/;
    like $said, qr/nothing imported: \d bad line/;
    is version(), $before, 'nothing is changed';
    (undef, $out) = import('--dry-run', $file);
    like $out, qr/^dry run: added 1, replaced 0, unchanged 1, skipped 2, bad 0 /, 'a dry run';
    is version(), $before, 'changes nothing';
    ($status, $out) = import($file);
    is $status, 0, 'skip';
    like $out, qr/^added 1, replaced 0, unchanged 1, skipped 2, bad 0 /;
    is stored('!I1')->[1], 'One; "1"', 'what was there stays';
    is stored('!I4')->[1], 'Four', 'the first of two in the file counts';
    ($status, $out) = import('--on-duplicate', 'replace', $file);
    like $out, qr/^added 0, replaced 2, unchanged 2, skipped 0, bad 0 /, 'replace';
    is_deeply stored('!I1'), ['!I1', 'Other', (undef) x 5], 'as a whole';
    is stored('!I4')->[1], 'Four again', 'the last of two in the file counts';
    follows($built);
    my $some = file('d.csv', "ID,Title\n!I1,Never\n");
    like +(import('--on-duplicate', 'replace', $some))[3], qr/category is missing/, 'not by half of the columns';
};

topic 'bad lines' => 11, sub {
    my $file = file('e.csv', "ID,Title,Available from\n!E1,Fine,\n!E2,,soon\n" . "!E3," . 'x' x 256 . ",\n!E4\n!E5,Fine,2024-02-29\n");
    my ($status, $out, $err) = import($file);
    is $status, 1;
    like $err, qr/^line 3: title: This field is required\.\nline 3: available_from: Not a date/m;
    like $err, qr/^line 4: title: At most 255 characters are allowed; this has 256\.\nline 5: This line has 1 fields/m;
    like $err, qr/nothing imported: 3 bad lines/;
    is stored('!E1'), undef, 'nothing is written';
    ($status, $out) = import('--skip-bad', $file);
    is $status, 1, 'with --skip-bad';
    like $out, qr/^added 2, .* bad 3 /;
    ok stored('!E1') && stored('!E5'), 'the good ones are';
    my $many = file('f.csv', "ID,Title\n" . "x,\n" x 250);
    ($status, $out, $err) = import($many);
    is scalar(() = $err =~ /^line/mg), 100, 'a hundred errors are reported';
    like $err, qr/^\.\.\. and 150 more$/m;
    like $err, qr/250 bad lines/, 'all are counted';
};

topic 'invalid imports' => 12, sub {
    my $file = file('g.csv', "ID,Title,ISBN\n1,2,3\n");
    for (
        [qr/ISBN.*Valid names are book_id, title/s => $file],
        [qr/header line/ => file('h.csv', '')],
        [qr/--format/ => file('i.xlsx', '')],
        [qr/No such file/ => "$place/none.csv"],
        [qr/not a valid value/ => '--batch', 251, $file],
        [qr/Usage/ => $file, $file],
    ) {
        my ($why, @words) = @$_;
        my ($status, undef, $err) = import(@words);
        isnt $status, 0;
        like $err, $why;
    }
};

# Runs `bookshare` with no setting but these in its environment; returns its status, and output and errors in one.
sub bare {
    my ($env, @words) = @_;
    local %ENV = (PATH => $ENV{PATH}, ASAN_OPTIONS => 'detect_leaks=0', %$env);
    my ($status, @texts) = $stack->run_program('', $stack->program('bookshare'), @words);
    return ($status >> 8, join '', @texts);
}

topic 'it finds the settings of the workers in their file, and with them the page files' => 11, sub {
    my %only = (BOOKSHARE_SETTINGS => $stack->settings_file);
    for my $round (1 .. 3) {
        wait_for('a page file', 20, sub { header(GET('/list'), 'Cache-Status') =~ /page-file/ });
        my ($status, $said) = bare(\%only, 'import', file('q.csv', "ID,Title\n!!$round,Now $round\n"));
        is $status, 0, $said;
        is +(rows(GET('/list')))[0][1], 'Now 1', 'the next page has it' if $round == 1;
        ok scalar(grep { $_->[1] eq "Now $round" } rows(GET('/list'))), "the next page has the book of round $round";
    }
    my ($status, $said) = bare(\%only, 'check');
    like $said, qr/^BOOKSHARE_PAGE_FILES=\Q@{[$stack->pages]}\E$/m;
    ($status, $said) = bare({ %only, BOOKSHARE_CHECK_MS => 77 }, 'check');
    like $said, qr/^BOOKSHARE_CHECK_MS=77$/m, 'the environment comes first';
    ($status, $said) = bare({ BOOKSHARE_SETTINGS => "$place/none" }, 'check');
    like $said, qr/No such file/, 'a file that is named has to be there';
    ($status, $said) = bare({ BOOKSHARE_SETTINGS => file('wrong', "BOOKSHARE_LOG_LEVEL=warn\n\n# so\nBOOKSHARE_PAGEFILES=/x\n") }, 'check');
    like $said, qr/wrong, line 4: unknown setting BOOKSHARE_PAGEFILES/, 'and to make sense';
};

topic 'page files that it cannot withdraw: it writes nothing' => 4, sub {
    my $plain = file('plain', '');
    for my $words (['import', file('r.csv', "ID,Title\n!R,Never\n")], ['cache', 'clear']) {
        my ($status, undef, $err) = cli({ BOOKSHARE_PAGE_FILES => $plain }, @$words);
        isnt $status, 0, "@$words";
        like $err, qr/cannot withdraw the page files in/;
    }
};

topic 'standard input' => 3, sub {
    my %env = $stack->env;
    local @ENV{ keys %env } = values %env;
    my $program = $stack->program('bookshare');
    my $out = `printf 'ID,Title\n!P1,Piped\n!P2,\n' | '$program' import --format csv - 2>&1`;
    like $out, qr/line 3: title.*nothing imported/s, 'is read twice, too';
    is stored('!P1'), undef;
    $out = `printf 'ID,Title\n!P1,Piped\n' | '$program' import --format csv - 2>&1`;
    like $out, qr/^added 1,/;
};


# Starts an import and kills it once it has begun to write; returns how many books it wrote.
sub killed {
    my ($file, $atleast) = @_;
    my %env = $stack->env;
    my $before = number('SELECT books FROM music_version');
    my $pid = fork // die;
    if (!$pid) {
        %ENV = (%ENV, %env);
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        no warnings 'exec';
        exec $stack->program('bookshare'), 'import', $file;
        POSIX::_exit(127);
    }
    wait_for('some of it', 20, sub { number('SELECT books FROM music_version') - $before >= $atleast });
    kill 'KILL', $pid;
    waitpid $pid, 0;
    my $killed = $? == 9;
    number('SELECT version FROM music_version FOR UPDATE');    # once the server is done with what it left
    return $killed ? number('SELECT COUNT(*) FROM music') - $before : 0;
}

topic 'killed, and run again' => 8, sub {
    my $file = file('k.csv', "ID,Title,Authors\n" . join '', map {"~K$_,The title of $_,A\n"} 1 .. 20_000);
    my $before = number('SELECT COUNT(*) FROM music');
    my $first  = killed($file, 500);
    ok $first >= 500 && $first < 20_000, "killed after $first";
    is $first % 100, 0, 'whole batches';
    my $second = killed($file, 1500);
    ok $second >= 1500, "and again after $second more";
    my ($status, $out, $err) = import($file);
    is $status, 0, $err;
    my $rest = 20_000 - $first - $second;
    like $out, qr/^added $rest, replaced 0, unchanged @{[$first + $second]}, /, 'the rest is added';
    is number('SELECT COUNT(*) FROM music'), $before + 20_000, 'each book once';
    follows();
};

run_topics;
