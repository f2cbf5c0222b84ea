# DataTables' server-side protocol, and our additions to it.

use v5.20;
use warnings;
use utf8;

use JSON::PP qw(decode_json);

use BookShare::Test;

my $stack = stack(rows => 10, workers => 1);           # which is then at the version of what it wrote
$stack->mysql('DELETE FROM music');
$stack->mysql(q{INSERT INTO music VALUES
    ('1', 'Été à Nice', 'X', 'Ann & Co', 'P', NULL, '2020-01-01'), ('2', 'a <b>', 'x', 'é', 'P', '2nd', '2020-06-01'),
    ('3', 'C 📚 été', 'X', NULL, 'Q', '2nd', NULL)});
$stack->mysql(q{INSERT INTO music (book_id, title)
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 200)
    SELECT CONCAT('MANY', LPAD(i, 4, '0')), CONCAT('Copy ', i) FROM n});
cli('cache', 'clear');

sub question {
    my @pairs = @_;
    my @parts;
    while (my ($name, $value) = splice @pairs, 0, 2) {
        push @parts, escaped($name) . '=' . escaped($value);
    }
    return GET('/api/books/datatable?' . join '&', @parts);
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
    is $got->{recordsTotal}, 203, 'all books';
    is $got->{recordsFiltered}, 2, 'those found';
    is_deeply [map { $_->{book_id} } @{ $got->{data} }], ['3'], 'the second of them, from the end';
    is_deeply $got->{data}[0], { book_id => '3', title => 'C 📚 été', category => 'X', authors => '', publisher => 'Q',
        edition => '2nd', available_from => '', marks => { title => [[5, 8]] } }, 'cells as text, and what is marked';
    is_deeply [$got->{source}, $got->{is_verified}, $got->{version} =~ /^\d+-\d+-[0-9a-f]{15}$/ ? 1 : 0], ['the search index', JSON::PP::true, 1];
};

topic 'parts, orders and filters' => 14, sub {
    is scalar @{ table()->{data} }, 100, 'nothing said: a page';
    is scalar @{ table(length => -1)->{data} }, 100, '-1 is a page, too';
    is scalar @{ table(length => 5000)->{data} }, 100, 'as is too much';
    is table()->{draw}, 0, 'no draw';
    is ids(start => 202, length => 5), 'MANY0200', 'the last';
    is ids(start => 203), '', 'beyond it there is nothing';
    is ids(length => 2, 'order[0][name]' => 'title', 'order[0][dir]' => 'asc'), '2 3', 'by the name of a column';
    is ids(length => 2, 'order[0][name]' => 'available_from', 'order[0][dir]' => 'desc'), '2 1', 'by date';
    is ids(category => 'X'), '1 3', 'a choice is exact';
    is ids(category => 'X', publisher => 'Q', edition => '2nd'), '3', 'three of them';
    is ids(from => '2020-01-02', until => '2020-12-31'), '2', 'days';
    is ids('search[value]' => '-title:copy 2nd'), '2 3', 'the words of a search';
    is table('search[value]' => '')->{recordsFiltered}, 203, 'an empty search is none';
    is table(length => 1)->{source}, 'Redis cache', 'the plain list comes from where it always comes from';
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
    [from => '2020-02-30'], ['search[value]' => 'x' x 501], ['search[value]' => "a\x01"],
    ['columns[1][data]' => 'title', 'columns[1][search][value]' => 'x'],
);

topic 'invalid requests are explained' => 3 * @bad, sub {
    for my $bad (@bad) {
        my $answer = question(@$bad);
        is $answer->{status}, 400, "@$bad";
        is header($answer, 'Content-Type'), 'application/problem+json';
        like decode_json($answer->{content})->{detail}, qr/\w.*\.$/, 'a sentence';
    }
};

topic 'a book is found as soon as it is there, and no longer than that' => 4, sub {
    add_book(book_id => 'NEW', title => 'Brandneu');
    is ids('search[value]' => 'brandneu'), 'NEW';
    is table('search[value]' => 'brandneu')->{recordsTotal}, 204;
    POST('/delete/NEW', {});
    is ids('search[value]' => 'brandneu'), '';
    is table('search[value]' => 'brandneu')->{recordsTotal}, 203;
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
