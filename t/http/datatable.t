# DataTables' server-side protocol, and our additions to it.

use v5.20;
use warnings;
use utf8;

use JSON::PP qw(decode_json);

use BookShare::Test;

my $stack = stack(rows => 10, workers => 1);           # which is then at the version of what it wrote
$stack->mysql('DELETE FROM music');
$stack->mysql(q{INSERT INTO music VALUES
    ('1', 'Été à Nice', 'X', 'Ann & Co', 'P', NULL, '2020-01-01'), ('2', 'a <b> "c"', 'x', 'é', 'P', '2nd', '2020-06-01'),
    ('3', 'C 📚 été', 'X', NULL, 'Q', '2nd', NULL)});
$stack->mysql(q{INSERT INTO music (book_id, title)
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 997)
    SELECT CONCAT('MANY', LPAD(i, 4, '0')), CONCAT('Copy ', i) FROM n});
cli('cache', 'clear');

my $path = '/api/books/datatable';

sub parameters {
    my @pairs = @_;
    my @parts;
    while (my ($name, $value) = splice @pairs, 0, 2) {
        push @parts, escaped($name) . '=' . escaped($value);
    }
    return join '&', @parts;
}

sub question { return GET("$path?" . parameters(@_)) }

# A search in a column.
sub column {
    my ($number, $data, $value) = @_;
    return ("columns[$number][data]" => $data, "columns[$number][search][value]" => $value);
}

sub table { return decode_json(question(@_)->{content}) }
sub ids   { return join ' ', map { $_->{book_id} } @{ table(@_)->{data} } }

wait_for('the search index', 15, sub { table('search[value]' => 'a')->{source} eq 'the search index' });
wait_for('the list in Redis', 15, sub { table(length => 1)->{source} eq 'Redis cache' });

topic 'a question of DataTables itself' => 9, sub {
    my @columns = map { ("columns[$_->[0]][data]" => $_->[1], "columns[$_->[0]][name]" => '',
        "columns[$_->[0]][searchable]" => 'true', "columns[$_->[0]][orderable]" => 'true',
        "columns[$_->[0]][search][value]" => '', "columns[$_->[0]][search][regex]" => 'false') }
        [0, 'book_id'], [1, 'title'], [2, 'category'], [3, 'authors'], [4, 'publisher'], [5, 'edition'], [6, 'available_from'];
    my $answer = question(draw => 7, @columns, 'order[0][column]' => 1, 'order[0][dir]' => 'desc', start => 1, length => 2,
        'search[value]' => 'ete', 'search[regex]' => 'false', _ => 1700000000000);
    is $answer->{status}, 200;
    is header($answer, 'Content-Type'), 'application/json';
    is header($answer, 'Cache-Control'), 'no-store';
    my $got = decode_json($answer->{content});
    like $answer->{content}, qr/"draw":7,/, 'draw comes back as a number';
    is $got->{recordsTotal}, 1000, 'all books';
    is $got->{recordsFiltered}, 2, 'those found';
    is_deeply [map { $_->{book_id} } @{ $got->{data} }], ['3'], 'the second of them, from the end';
    is_deeply $got->{data}[0], { book_id => '3', title => 'C 📚 été', category => 'X', authors => '', publisher => 'Q',
        edition => '2nd', available_from => '', marks => { title => [[5, 8]] } }, 'cells as text, and what is marked';
    is_deeply [$got->{source}, $got->{is_verified}, $got->{version} =~ /^\d+-\d+-[0-9a-f]{15}$/ ? 1 : 0], ['the search index', JSON::PP::true, 1];
};

topic 'parts, orders and filters' => 16, sub {
    is scalar @{ table()->{data} }, 100, 'nothing said: a page';
    is scalar @{ table(length => 999)->{data} }, 999, 'more';
    is scalar @{ table(length => -1)->{data} }, 1000, '-1: all, which are as many as an answer may have';
    is ids(length => -1, category => 'X'), '1 3', 'all of a result';
    is ids(start => 999, length => 5000), 'MANY0997', 'a great number: the rest';
    is table()->{draw}, 0, 'no draw';
    is ids(start => 999, length => 5), 'MANY0997', 'the last';
    is ids(start => 1000), '', 'beyond it there is nothing';
    is ids(length => 2, 'order[0][name]' => 'title', 'order[0][dir]' => 'asc'), '2 3', 'by the name of a column';
    is ids(length => 2, 'order[0][name]' => 'available_from', 'order[0][dir]' => 'desc'), '2 1', 'by date';
    is ids(category => 'X'), '1 3', 'a choice is exact';
    is ids(category => 'X', publisher => 'Q', edition => '2nd'), '3', 'three of them';
    is ids(from => '2020-01-02', until => '2020-12-31'), '2', 'days';
    is ids('search[value]' => '-title:copy 2nd'), '2 3', 'the words of a search';
    is table('search[value]' => '')->{recordsFiltered}, 1000, 'an empty search is none';
    is table(length => 1)->{source}, 'Redis cache', 'the plain list comes from where it always comes from';
};

topic 'searches in columns' => 12, sub {
    is ids(column(1, 'title', 'ete')), '1 3', 'by the data of a column';
    is ids('columns[0][name]' => 'publisher', column(0, 'other', 'q')), '3', 'by its name';
    is ids(column(0, 'title', 'ete'), column(1, 'edition', '2nd')), '3', 'in two';
    is ids('search[value]' => '2nd', column(0, 'title', 'ete')), '3', 'beside words in all fields';
    is ids('search[value]' => '"NICE', column(0, 'category', 'x')), '1', 'beside a phrase without an end';
    is ids(column(0, 'title', ' à ni ')), '1', 'a value with a blank is found in one piece';
    is ids(column(0, 'title', '<B> "C')), '2', 'and one with a quotation mark';
    is ids(column(0, 'title', '-nice')), '1', 'a dash excludes nothing';
    is ids(column(0, 'book_id', 'many099')), join(' ', map { "MANY099$_" } 0 .. 7), 'an ID, by its start';
    is ids(column(0, 'book_id', 'MANY0001"')), '', 'with more behind it';
    is ids(column(0, 'available_from', '2020-06')), '2', 'a part of a date';
    is_deeply table(column(0, 'authors', 'co'))->{data}[0]{marks}, { authors => [[6, 8]] }, 'the match is marked, in this field';
};

my @title = ('order[0][name]' => 'title', 'order[0][dir]' => 'desc');
my @settled = (
    [@title, 'order[1][name]' => 'book_id', 'order[1][dir]' => 'desc'],
    [@title, 'order[1][name]' => 'title', 'order[1][dir]' => 'asc', 'order[2][column]' => 4, 'order[2][dir]' => 'desc',
        'columns[4][data]' => 'book_id'],
    [@title, 'order[1][name]' => 'book_id', 'order[1][dir]' => 'desc', 'order[2][name]' => 'edition'],
);

topic 'several orders' => 7, sub {
    is ids(length => 3, by('category'), by('title', 'desc', 1)), '1 3 2', 'in one category by title, from the end';
    is ids(length => 3, by('category', 'desc'), by('title', 'asc', 1)), '2 3 1', 'and the other way round: without one last';
    is ids(length => 3, by('category'), by('publisher', 'asc', 1), by('title', 'desc', 2)), '1 2 3', 'three';
    is ids(length => 1, start => 1, by('category'), by('title', 'desc', 1)), '3', 'a part';
    is ids(length => 2, start => 998, by('category'), by('book_id', 'desc', 1)), 'MANY0002 MANY0001', 'the IDs in a direction of their own';
    is ids(length => 3, by('category'), 'order[1][column]' => 0, 'order[1][dir]' => 'desc', 'columns[0][data]' => 'title'), '1 3 2',
        'by the number of a column';
    is table(by('title'), by('edition', 'asc', 2), draw => 3)->{error}, 'Orders are numbered from 0, without a gap.', 'no number may be left out';
};

sub by { my ($name, $way, $number) = @_; $number //= 0; return ("order[$number][name]" => $name, "order[$number][dir]" => $way // 'asc') }

topic 'further orders that change nothing' => 1 + @settled, sub {
    my $ids = ids(@title);
    is ids(@$_), $ids for @settled;
    is ids(length => 2, 'order[0][name]' => 'book_id', 'order[1][name]' => 'title', 'order[1][dir]' => 'desc'), '1 2',
        'no two books have one ID';
};

topic 'POST, with the parameters as a form' => 12, sub {
    my @asked  = (draw => 3, start => 1, length => 2, 'search[value]' => 'ete', column(0, 'category', 'x'));
    my $answer = POST($path, parameters(@asked));
    my ($got, $same) = map { decode_json($_->{content}) } $answer, question(@asked);
    delete $_->{seconds} for $got, $same;
    is $answer->{status}, 200;
    is_deeply $got, $same, 'the same as by GET';
    is scalar @{ $got->{data} }, 1;
    is decode_json(POST("$path?category=X&facets=1", parameters(draw => 4))->{content})->{recordsFiltered}, 2, 'beside those of the URL';
    like decode_json(POST("$path?start=1", 'start=1')->{content})->{error}, qr/^start is given more than once/, 'but not twice';
    is decode_json(POST($path, '')->{content})->{recordsTotal}, 1000, 'none';
    is POST($path, 'draw=1', 'sec-fetch-site' => 'cross-site')->{status}, 200, 'from another site, as a GET: it changes nothing';
    is POST($path, 'draw=1', origin => 'http://evil.example')->{status}, 200;
    is POST($path, '{}', 'content-type' => 'application/json')->{status}, 415, 'not a form';
    is POST($path, 'x=' . 'x' x 65_535)->{status}, 413, 'too large';
    is POST($path, join '&', map {"x$_=1"} 1 .. 129)->{status}, 400, 'too many';
    is POST($path, join '&', 'draw=5', map {"x$_=1"} 1 .. 127)->{status}, 200, 'as many as there may be';
};

topic 'the choices' => 4, sub {
    is_deeply table(length => 1)->{facets}, undef, 'not where it is not asked for';
    my $facets = table(facets => 1, length => 1, publisher => 'Q')->{facets};
    is_deeply [grep { $_->{value} ne '' } @{ $facets->{publisher}{values} }],
        [{ value => 'P', count => 2 }, { value => 'Q', count => 1 }], 'as if nothing was chosen in it';
    is_deeply [grep { $_->{value} ne '' } @{ $facets->{category}{values} }], [{ value => 'X', count => 1 }], 'of the result';
    is_deeply $facets->{category}{is_cut}, JSON::PP::false, 'and that is all';
};

my @bad = (
    [draw => 'x'], [draw => -1], [draw => '1' x 16], [start => 'x'], [start => -1], [length => 0], [length => -2],
    [length => 'all'], ['order[0][name]' => 'colour'], ['order[0][column]' => 9], ['order[0][name]' => 'title', 'order[0][dir]' => 'up'],
    [from => '2020-02-30'], ['search[value]' => 'x' x 501], ['search[value]' => "a\x01"], [facets => 2],
    [column(0, 'title', 'x' x 495)], [column(0, 'title', "a\x01")], [column(0, 'title', "a\x00b")], [column(0, 'colour', 'x')], [column(0, '', 'x')],
    ['columns[0][search][value]' => 'x'], [map { column($_, 'title', 'x') } 0 .. 16],
    ['search[regex]' => 'true'], ['columns[3][search][regex]' => 'true'],
    ['search[fixed][0][name]' => 'x'], ['columns[0][search][fixed][0][term]' => 'x'], ['search[groups][0][term]' => 'x'],
    [@title, 'order[1][name]' => 'colour'], [@title, 'order[1][name]' => 'edition', 'order[1][dir]' => 'up'], [@title, 'order[1][column]' => 9],
    [@title, 'order[2][name]' => 'edition'], ['order[1][name]' => 'edition'],
    [start => 1, start => 1], [from => '2001-01-01', from => '2001-01-01'], ['search[value]' => 'a', 'search[value]' => 'b'],
    [@title, 'order[0][dir]' => 'asc'], [column(0, 'title', 'a'), column(0, 'title', 'b')],
);

topic 'what is not valid or not supported: the error that DataTables shows' => 4 * @bad + 2, sub {
    for my $bad (@bad) {
        my $answer = question(@$bad[0] eq 'draw' ? () : (draw => 7), @$bad);
        my $got    = decode_json($answer->{content});
        is $answer->{status}, 200, substr "@$bad", 0, 60;
        is header($answer, 'Content-Type'), 'application/json';
        like delete $got->{error}, qr/^\w.*\.$/, 'a sentence';
        is_deeply $got, { draw => @$bad[0] eq 'draw' ? 0 : 7, recordsTotal => 0, recordsFiltered => 0, data => [] }, 'and no rows';
    }
    is scalar @{ table(column(0, 'title', 'x' x 494))->{data} }, 0, 'a search in a column of 500 characters with its field';
    is table(map { column($_, 'title', 'copy') } 0 .. 15)->{recordsFiltered}, 997, 'and sixteen of them';
};

topic 'a book is found as soon as it is there, and no longer than that' => 4, sub {
    add_book(book_id => 'NEW', title => 'Brandneu');
    is ids('search[value]' => 'brandneu'), 'NEW';
    is table('search[value]' => 'brandneu')->{recordsTotal}, 1001;
    POST('/delete/NEW', {});
    is ids('search[value]' => 'brandneu'), '';
    is table('search[value]' => 'brandneu')->{recordsTotal}, 1000;
};

topic 'more rows than an answer may have: all of them or an error, never a part' => 7, sub {
    add_book(book_id => 'NEW', title => 'Brandneu');
    for my $length (-1, 1001, 5000) {
        like table(length => $length)->{error}, qr/^1001 rows were requested; an answer has at most 1000\./, "length=$length";
    }
    is scalar @{ table(length => 1000)->{data} }, 1000, '1000, of 1001';
    is scalar @{ table(length => -1, start => 1)->{data} }, 1000, 'all from the second on';
    is scalar @{ table(length => -1, 'search[value]' => 'copy')->{data} }, 997, 'all that a search finds';
    is ids(length => -1, start => 2000), '', 'beyond the last';
};

topic 'bad days' => 3, sub {
    allow(qr/MySQL/);
    $stack->kill('mysql', 'KILL');
    my $answer = question('search[value]' => 'ete');
    is $answer->{status}, 200, 'the index goes on';
    is_deeply decode_json($answer->{content})->{is_verified}, JSON::PP::false, 'and says that there may be something newer';
    is GET('/api/books/datatable/more')->{status}, 404, 'nothing below it';
};

run_topics;
