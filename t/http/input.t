# Field values at and beyond each limit. Every rejection is a 422 with the form and writes nothing.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 10);
my $next  = 0;

sub unused { return sprintf '!IN%04d', $next++ }

sub count { return ($stack->mysql('SELECT COUNT(*) FROM music'))[0][0] }

my %column = do { my $n = 0; map { $_ => $n++ } qw(book_id title category authors publisher edition available_from) };

# Each: what is sent, what it is called, and what is stored of it (taken), or undef (refused).
sub field {
    my ($name, @cases) = @_;
    topic "$name: what is taken" => 2 * grep({ defined $_->[2] } @cases), sub {
        for (grep { defined $_->[2] } @cases) {
            my ($value, $what, $stored) = @$_;
            my %book = (book_id => unused(), title => 'T', $name => $value);
            is POST('/add', \%book)->{status}, 303, $what;
            my $row = stored($name eq 'book_id' ? $stored : $book{book_id}) // [];
            is $row->[$column{$name}], $stored, 'as it is stored';
        }
    };
    topic "$name: what is refused" => 3 * grep({ !defined $_->[2] } @cases), sub {
        for (grep { !defined $_->[2] } @cases) {
            my ($value, $what) = @$_;
            my $before = count();
            my %book   = (book_id => unused(), title => 'T', authors => 'Kept "too"', $name => $value);
            my $answer = POST('/add', \%book);
            is $answer->{status}, 422, $what;
            my $other = $name eq 'authors' ? 'title' : 'authors';
            is inputs($answer, qr{^/add})->{$other}, $book{$other}, 'the other fields are kept';
            is count(), $before, 'nothing is written';
        }
    };
}

field book_id => (
    ['x' x 30,         '30 characters',               'x' x 30],
    ['é' x 30,         '30 of two bytes',             'é' x 30],
    ['📚' x 30,        '30 of four bytes',            '📚' x 30],
    ["  \t trim me \n", 'white space around it',      'trim me'],
    ['...',            'three dots',                  '...'],
    ['0',              'a nought',                    '0'],
    ['x' x 31,         '31 characters'],
    ['é' x 31,         '31 of two bytes'],
    ['.',              'a dot'],
    ['..',             'two dots'],
    [' .. ',           'two dots and blanks'],
    ["a\0b",           'a NUL'],
    ["a\nb",           'a line feed'],
    ["a\tb",           'a tab'],
    ["a\x{7f}b",       'DEL'],
    ["\x{1}",          'a control character'],
);

field title => (
    ['x' x 255,        '255 characters',              'x' x 255],
    ['é' x 255,        '255 of two bytes',            'é' x 255],
    ['📚' x 255,       '255 of four bytes',           '📚' x 255],
    ['  two  blanks ', 'white space around it',       'two  blanks'],
    ['\\N',            'what stands for NULL',        '\\N'],
    ['a\\tb\\',        'backslashes',                 'a\\tb\\'],
    ['0',              'a nought',                    '0'],
    ['x' x 256,        '256 characters'],
    ['é' x 256,        '256 of two bytes'],
    ['',               'nothing'],
    ['    ',           'blanks'],
    ["a\0b",           'a NUL'],
    ["a\x{1}b",        'a control character'],
    ["a\x{1b}[31m",    'an escape sequence'],
);

my %longest = (category => 100, authors => 255, publisher => 255, edition => 50);
field $_ => (
    ['ü' x $longest{$_},       "$longest{$_} characters", 'ü' x $longest{$_}],
    ['ü' x ($longest{$_} + 1), 'and one more'],
    ["a\0b",                   'a NUL'],
) for sort keys %longest;

field available_from => (
    ['2024-02-29',     'a leap day',                   '2024-02-29'],
    ['2000-02-29',     'of a century that has one',    '2000-02-29'],
    ['0001-01-01',     'the first day',                '0001-01-01'],
    ['9999-12-31',     'the last day',                 '9999-12-31'],
    [' 2024-12-31 ',   'blanks around it',             '2024-12-31'],
    ['2024-02-30',     'the 30th of February'],
    ['2023-02-29',     'the 29th, in a year without'],
    ['1900-02-29',     'in a century without'],
    ['2024-04-31',     'the 31st of April'],
    ['2024-00-10',     'month 0'],
    ['2024-13-01',     'month 13'],
    ['2024-01-00',     'day 0'],
    ['0000-01-01',     'year 0'],
    ['10000-01-01',    'year 10000'],
    ['-001-01-01',     'a year before'],
    ['2024-1-1',       'digits missing'],
    ['24-01-01',       'two digits of a year'],
    ['01/02/2024',     'another notation'],
    ['2024-01-01T00:00', 'a time'],
    ['2024-01-01; x',  'something behind it'],
    ['tomorrow',       'a word'],
);

topic 'a field that is missing is an empty one' => 4, sub {
    is POST('/add', { book_id => unused() })->{status}, 422, 'no title';
    is POST('/add', { title => 'x' })->{status},        303, 'no ID: one is made';
    is POST('/add', {})->{status},                      422, 'nothing at all';
    is POST('/add', { book_id => unused(), title => 'x' })->{status}, 303, 'both';
};

topic 'each field has its own error' => 3, sub {
    my %bad    = (book_id => 'x' x 31, title => '', edition => 'x' x 51, available_from => 'soon');
    my $answer = POST('/add', { %bad, authors => 'fine' });
    my @wrong  = having($answer, 'aria-invalid' => 'true');
    is join(' ', sort map { $_->{name} } @wrong), join(' ', sort keys %bad), 'these are marked';
    my %id   = map { ($_->[1]{id} // '') => 1 } tags($answer);
    my @told = map { split ' ', $_->{'aria-describedby'} // '' } @wrong;
    ok @told >= 4, 'each points at its text';
    is_deeply [grep { !$id{$_} } @told], [], 'which is there';
};

my @broken = qw(%ff %c3 %c3%28 %c0%af %ed%a0%80 %f4%90%80%80 %e2%82);

topic 'invalid UTF-8 is rejected in any field' => 3 * 2 * @broken + 1, sub {
    my $before = count();
    for my $bytes (@broken) {
        for my $field (qw(book_id title authors)) {
            my %raw    = (book_id => 'B', title => 'T', authors => 'A', $field => "a${bytes}b");
            my $answer = POST('/add', join '&', map { "$_=$raw{$_}" } sort keys %raw);
            is $answer->{status}, 422, "$bytes in $field";
            ok $answer->{valid}, 'the page is UTF-8';
        }
    }
    is count(), $before, 'nothing is written';
};

run_topics;
