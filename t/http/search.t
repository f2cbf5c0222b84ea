# Search: the exact ID, or the term in any text field; a term is text, never a pattern.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;
use JSON::PP;

my $stack = stack(rows => 10);
$stack->mysql('DELETE FROM music');                   # only the books below
cli('cache', 'clear');

sub search { return GET('/list?search=' . escaped($_[0])) }
sub found  { return join ' ', map { $_->[0] } rows(search(@_)) }

my @books = (
    { book_id => 'ZQ-ID-7', title => 'Zqtitle',       category => 'Zqcategory', authors => 'Zqauthor',
      publisher => 'Zqpublisher', edition => 'Zqedition', available_from => '2031-12-24' },
    { book_id => 'ACC1', title => 'Ångström en été',  authors => 'José Ñandú' },
    { book_id => 'ACC2', title => 'Война и мир',      authors => 'Лев ТОЛСТОЙ' },
    { book_id => 'ACC3', title => '源氏物語 📚 zqx',   authors => '紫式部' },
    { book_id => 'PCT1', title => 'zq 100% cotton' },
    { book_id => 'PCT2', title => 'zq 1000 cottons' },
    { book_id => 'UND1', title => 'zq snake_case' },
    { book_id => 'UND2', title => 'zq snakeXcase' },
    { book_id => 'BSL1', title => 'zq C:\\new\\table' },
    { book_id => 'QUO1', title => q{zq O'Brien "the" `third`}, publisher => 'Smith & Sons; Ltd -- #1 /* x */' },
    { book_id => 'FLD1', title => 'Smørrebrød',       authors => 'Jo Nesbø, Stanisław, Đỗ, Æsop', publisher => 'Þor' },
    { book_id => 'FLD2', title => 'Œuvres',           authors => 'Encyclopædia; ısı; Straße' },
    { book_id => 'FLD3', title => 'カタカナ',          authors => 'ハリー・ポッター' },
    { book_id => 'FLD4', title => 'かたかな',          authors => 'はりー' },
    { book_id => 'FLD5', title => 'ﬁne – ‹single›' },
    { book_id => 'JNT1', title => '978-0-14-102616-9: a number', authors => 'J.K. Rawlins' },
    { book_id => 'JNT2', title => 'Spider-Man',       authors => 'O’Hara' },
    { book_id => 'JNT3', title => 'Spiderman - again', authors => 'JK Rawlins, OHara', available_from => '1905-12-24' },
);

add_book(%$_) for @books;

my @cases = (
    ['ZQ-ID-7',             'ZQ-ID-7', 'the ID'],
    ['ZQ-ID',               'ZQ-ID-7', 'the start of the ID'],
    ['zq-id-7',             'ZQ-ID-7', 'in small letters'],
    ['ID-7',                '',        'another part of it finds nothing'],
    ['qtitl',               'ZQ-ID-7', 'a part of the title'],
    ['qcategor',            'ZQ-ID-7', 'of the category'],
    ['qautho',              'ZQ-ID-7', 'of the authors'],
    ['qpublishe',           'ZQ-ID-7', 'of the publisher'],
    ['qeditio',             'ZQ-ID-7', 'of the edition'],
    ['ZQTITLE',             'ZQ-ID-7', 'capitals aside'],
    ['angstrom EN ete',     'ACC1',    'accents aside'],
    ['jose nandu',          'ACC1',    'accents aside, another field'],
    ['ÅNGSTRÖM',            'ACC1',    'accents in the term'],
    ['лев толстой',         'ACC2',    'capitals of another script'],
    ['式部',                'ACC3',    'a script without capitals'],
    ['📚',                  'ACC3',    'four bytes a character'],
    ['zq 100%',             'PCT1',    'a per cent sign'],
    ['zq%cotton',           '',        'is no wildcard'],
    ['snake_case',          'UND1',    'an underscore is no wildcard'],
    ['C:\\new',             'BSL1',    'a backslash'],
    ['\\n',                 'BSL1',    'is no escape'],
    ['C:\\\\new',           '',        'two of them are two'],
    [q{O'Brien "the"},      'QUO1',    'quotes'],
    ['`third`',             'QUO1',    'back-quotes'],
    ['& Sons; Ltd -- #1 /*', 'QUO1',   'signs that mean something to SQL or to a URL'],
    [q{' OR '1'='1},        '',        'text that would like to be SQL'],
    ['zqtitle zqauthor',    'ZQ-ID-7', 'two words, in two fields'],
    ['zqauthor zqtitle',    'ZQ-ID-7', 'in any order'],
    ['"zqtitle zqauthor"',  '',        'no phrase spans two fields'],
    ['zqtitle nandu',       '',        'every word has to be there'],
    ['"en ete"',            'ACC1',    'a phrase'],
    ['"ete en"',            '',        'in its order'],
    ['"en ete',             'ACC1',    'a phrase that is not closed'],
    ["\x{201c}en ete\x{201d}", 'ACC1',  'a phrase between the marks of typography'],
    ["\x{ab}en ete\x{bb}",     'ACC1',  'and between others'],
    ['"brien ""the"""',     'QUO1',   'a quotation mark in a phrase is doubled'],
    ['title:"brien ""the"',  'QUO1',      'in a field, too'],
    ['zq cotton -100%',     'PCT2',    'a word left out'],
    ['zq -"1000 cottons" cotton', 'PCT1', 'a phrase left out'],
    ['author:nandu',        'ACC1',    'a word in one field'],
    ['title:nandu',         '',        'and not in another'],
    ['authors:"jose nandu"', 'ACC1',   'a phrase in a field, by its long name'],
    ['AUTHOR:nandu',        'ACC1',    'names of fields in capitals'],
    ['-publisher:smith zq third', '',  'a field left out'],
    ['-edition:zq zq cotton', 'PCT1 PCT2', 'of books without that field'],
    ['id:ACC1',             'ACC1',    'an ID'],
    ['id:acc',              'ACC1 ACC2 ACC3', 'its start'],
    ['id:"ACC"',            '',        'in full'],
    ['-id:acc zq',          'BSL1 PCT1 PCT2 QUO1 UND1 UND2 ZQ-ID-7', 'left out'],
    ['date:2031-12',        'ZQ-ID-7', 'a part of the date'],
    ['colour:zq',           '',        'no field of that name: a word'],
    ['title: zq title:',    '',        'a field without anything: a word'],
    ['title: smorrebrod',   'FLD1',    'a blank after the colon'],
    ['author: jk -title: spiderman', 'JNT1', 'in what is left out, too'],
    ['title:   "Spider-Man" zq', '',   'or more, before a phrase'],
    ['title:   "Spider-Man"',    'JNT2 JNT3', 'or more, before a phrase'],
    ['colour: smorrebrod',  '',        'no field of that name: two words'],
    ['title: -smorrebrod smo', '',     'what is left out is not of the field before it'],
    ['z q x 📚',            'ACC3',    'words of one letter'],
    ['""',                  join(' ', sort map { $_->{book_id} } @books), 'an empty phrase says nothing'],
    ['no such thing',       '',        'nothing'],
    ['Nesbo',               'FLD1',    'o with a stroke'],
    ['NESBØ stanisław',     'FLD1',    'both ways'],
    ['Stanislaw',           'FLD1',    'l with a stroke'],
    ['author:"Do"',         'FLD1',    'd with a stroke'],
    ['Aesop',               'FLD1',    'ae in one'],
    ['publisher:thor',      'FLD1',    'thorn'],
    ['oeuvres',             'FLD2',    'oe in one'],
    ['smorrebrod',          'FLD1',    'two of them'],
    ['encyclopaedia',       'FLD2',    'within a word'],
    ['isi strasse',         'FLD2',    'i without a dot; sharp s'],
    ['カタカナ',             'FLD3 FLD4', 'katakana'],
    ['かたかな',             'FLD3 FLD4', 'hiragana'],
    ['はりーぽったー',        'FLD3',    'a middle dot aside'],
    ['fine',                'FLD5',    'a ligature'],
    [q{"fine - 'single'"},  'FLD5',    'kinds of dashes and quotes'],
    ['9780141026169',       'JNT1',    'hyphens within a number aside'],
    ['978-0-14',            'JNT1',    'in the search, too'],
    ['978-',                'JNT1',    'while it is typed'],
    ['9780-141.026.169',    'JNT1',    'wherever they are'],
    ['JK Rawlins',          'JNT1 JNT3', 'initials'],
    ['J.K. Rawlins',        'JNT1 JNT3', 'with full stops'],
    ['"j.k rawlins"',       'JNT1 JNT3', 'in a phrase'],
    ['spiderman',           'JNT2 JNT3', 'two words in one'],
    ['spider-man',          'JNT2 JNT3', 'one word in two'],
    ['spiderman -again',    'JNT2',    'a hyphen before a word leaves it out'],
    ['"spiderman - again"', 'JNT3',    'between blanks it is a sign'],
    ['spiderman - ',        'JNT3',    'of its own'],
    ['-spider-man rawlins', 'JNT1',    'within what is left out'],
    ["OHara -O'Hara",       '',        'that is alike'],
    ["o'hara",              'JNT2 JNT3', 'apostrophes'],
    ['date:2031-12-2',      'ZQ-ID-7', 'a date keeps its hyphens'],
    ['date:1224',           '',        'they count in it'],
    ['date:1905',           'JNT3',    'so that a year is one'],
    ['id:jnt-1',            'JNT1',    'in an ID they do not'],
);

topic 'the matches of a term' => scalar @cases, sub {
    for (@cases) {
        my ($term, $ids, $name) = @$_;
        is found($term), $ids, "$term: $name";
    }
};

topic 'the page of results' => 6, sub {
    my $page = search('jose nandu');
    is $page->{status}, 200;
    like message($page), qr/^Data loaded from (MySQL|the search index)\. Length: 1\. /, 'the length is that of the result';
    shows $page, qr/Showing 1 to 1 of 1 books?\b/;
    is +(having($page, name => 'search'))[0]{value}, 'jose nandu', 'the box holds the term';
    my $none = search('no such thing');
    is $none->{status}, 200, 'an empty result is an answer too';
    like message($none), qr/Length: 0\./;
};

# What is marked in the rows of a page.
sub marks { return join ' ', $_[0]->{html} =~ m{<mark>(.*?)</mark>}g }

topic 'matches are marked' => 10, sub {
    is marks(search('jk rawlins')), 'J.K Rawlins JK Rawlins', 'with the signs in them';
    is marks(search('かた')), 'カタ かた', 'in the script of the book';
    is marks(search('ANGSTROM ete')), 'Ångström été', 'in the spelling of the book';
    is marks(search('title:angstrom jose')), 'Ångström José', 'each word where it was searched for';
    is marks(search('title:zqtitle -nandu')), 'Zqtitle', 'what is left out is not there';
    is marks(search('ZQ-ID-7')), 'ZQ-ID-7', 'an ID';
    is marks(search('"& Sons; ltd"')), '&amp; Sons; Ltd', 'escaped like the rest';
    is marks(search('no such thing')), '', 'nothing';
    is marks(GET('/list')), '', 'nor without a search';
    is marks(GET('/list?search=qtitl&sort=-title')), 'qtitl', 'in any order';
};

topic 'an empty term is the plain list' => 2, sub {
    for my $path ('/list?search=', '/list?page=1&search=') {
        shows GET($path), qr/Showing 1 to 18 of 18 books/, $path;
    }
};

my $shared = 'Many & "Co" 50%';
topic 'results have pages, and every link keeps the term' => 8, sub {
    $stack->mysql(q{INSERT INTO music (book_id, title, publisher)
        WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 230)
        SELECT CONCAT('MANY', LPAD(i, 4, '0')), CONCAT('Copy ', i), 'Many & "Co" 50%' FROM n});
    cli('cache', 'clear');
    my $term  = escaped($shared);
    my $page  = GET("/list?search=$term");
    my @links = grep { m{^/list\?} && /page=/ } hrefs($page);
    is scalar rows($page), 100, 'a hundred on the first page';
    shows $page, qr/Showing 1 to 100 of 230 books.*/;
    is place($page), '1 of 3';
    ok @links > 0, 'there is a page bar';
    is_deeply [grep { !/search=Many(%20|\+)%26(%20|\+)%22Co%22(%20|\+)50%25/ } @links], [], 'with the term, encoded';
    my ($third) = grep { /page=3\b/ } @links;
    is_deeply [map { $_->[0] } rows(GET($third))], [map { sprintf 'MANY%04d', $_ } 201 .. 230], 'the third page';
    is GET("/list?search=$term&page=4")->{status}, 404, 'no fourth';
    ok +(grep { m{^/update/MANY0001\?} && /search=Many/ } hrefs($page)), 'the way to a form takes the term along';
};

topic 'a search that is posted becomes an address' => 6, sub {
    my $answer = POST('/list', { search => 'josé & co' });
    is $answer->{status}, 303;
    like header($answer, 'Location'), qr{^(?:https?://[^/]+)?/list\?search=jos%C3%A9(%20|\+)%26(%20|\+)co$};
    is POST('/list', { search => '' })->{status}, 303, 'an empty one too';
    like header(POST('/list', { search => '' }), 'Location'), qr{/list$}, 'to the plain list';
    my $answered = follow(POST('/list', { search => 'José ñandú' }));
    is $answered->{status}, 200;
    is +(rows($answered))[0][0], 'ACC1', 'and the address finds it';
};

topic 'how long a search may be: 500 characters, 16 words' => 8, sub {
    is search('x' x 500)->{status}, 200, '500 characters';
    is search('é' x 500)->{status}, 200, '500 of two bytes';
    is search('x' x 501)->{status}, 400, '501 characters';
    is search('é' x 501)->{status}, 400, '501 of two bytes';
    is search(join ' ', ('x') x 16)->{status}, 200, '16 words';
    my $long = GET('/list?search=' . join '+', ('"x"') x 17);
    is $long->{status}, 400, '17 words';
    is inputs($long, qr/list/)->{search}, join(' ', ('"x"') x 17), 'and the box has them still';
    is inputs(GET('/list?search=a%01b%ff'), qr/list/)->{search}, "a\x{FFFD}b\x{FFFD}", 'as far as they are text';
};

my @broken = qw(%ff %c3 %c3%28 %c0%af %ed%a0%80 %f4%90%80%80 %e2%82 a%00b %00 a%01 %7f);

topic 'a term that is not valid text: 400' => 2 * @broken, sub {
    for my $term (@broken) {
        my $answer = GET("/list?search=$term");
        is $answer->{status}, 400, $term;
        ok $answer->{valid}, 'and the page is UTF-8';
    }
};

topic 'a page number means the same in a search' => 2, sub {
    is GET('/list?search=nandu&page=0')->{status}, 400;
    is GET('/list?search=nandu&page=2')->{status}, 404;
};

topic 'sorting, choices and days, with a search and alone' => 13, sub {
    $stack->mysql('DELETE FROM music');
    $stack->mysql(q{INSERT INTO music (book_id, title, category, publisher, available_from) VALUES
        ('1', 'b', 'X', 'P', '2020-01-01'), ('2', 'a', 'x', 'P', '2020-06-01'), ('3', 'C', 'X', 'Q', '2021-01-01'),
        ('4', 'á', NULL, 'Q', NULL)});
    cli('cache', 'clear');
    my $ids = sub { join '', map { $_->[0] } rows(GET("/list?$_[0]")) };
    is $ids->('sort=title'), '2413', 'by title';
    is $ids->('sort=-title'), '3142', 'the other way round';
    is $ids->('sort=available_from'), '1234', 'by a date, those without last';
    is $ids->('sort=-available_from'), '3214', 'also the other way round';
    is $ids->('sort=-book_id'), '4321', 'by the ID';
    is $ids->('category=X'), '13', 'a choice is exact';
    is $ids->('category=X&publisher=P'), '1', 'two choices';
    is $ids->('from=2020-06-01&until=2021-01-01'), '23', 'from a day until a day, both included';
    is $ids->('search=a&publisher=Q&sort=-book_id'), '4', 'all of it';
    is $ids->('sort=title&per_page=3&page=2'), '3', 'pages of three';
    is GET('/list?sort=colour')->{status}, 400, 'no such column';
    is GET('/list?from=2020-02-30')->{status}, 400, 'no such day';
    is GET('/list?per_page=101')->{status}, 400, 'too large a page';
};

topic 'several orders' => 16, sub {
    my $ids = sub { join '', map { $_->[0] } rows(GET("/list?$_[0]")) };
    is $ids->('sort=publisher,title'), '2143', 'by the second where the first is equal';
    is $ids->('sort=publisher,-title'), '1234', 'each in its direction';
    is $ids->('sort=-publisher,title'), '4321', 'and the other way round';
    is $ids->('sort=category,title'), '2134', 'one without a value is last';
    is $ids->('sort=publisher,-book_id'), '2143', 'the IDs in a direction of their own';
    is $ids->('sort=publisher,category,-publisher,title'), $ids->('sort=publisher,category,title'), 'a column counts once';
    is $ids->('sort=publisher,title&per_page=1&page=3'), '4', 'pages of one';
    is $ids->('search=a&sort=publisher,-title'), '24', 'what is found';
    is GET("/list?sort=$_")->{status}, 400, $_ for 'title,', ',title', 'title,colour', 'title,best', 'title,,edition';
    my $page = GET('/list?per_page=2&sort=publisher,-title');
    shows($page, qr/Order: Publisher, A to Z; Title, Z to A/);
    ok +(grep { $_ eq '/list?page=2&per_page=2&sort=publisher,-title' } hrefs($page)), 'links keep both';
    is_deeply [map { $_->{'aria-sort'} // () } map { $_->[1] } tags($page)], ['ascending'], 'the head of the first says so';
};

topic 'several values of a field: books that have any of them' => 15, sub {
    my $ids = sub { join '', map { $_->[0] } rows(GET("/list?$_[0]")) };
    is $ids->('category=X&category=x'), '123', 'any of two';
    is $ids->('category=X&category=x&sort=-title'), '312', 'in another order';
    is $ids->('category=X&category=x&publisher=P'), '12', 'and one of another field';
    is $ids->('category=X&category=&category=X'), '13', 'an empty one, and the same again, change nothing';
    my $page = GET('/list?search=&category=X&category=x&publisher=P&page=1');
    my %way  = ways($page);
    is $way{'Remove Category: X'}, '/list?category=x&publisher=P', 'each can be removed';
    is $way{'Remove Category: x'}, '/list?category=X&publisher=P';
    is $way{'Title'}, '/list?category=X&category=x&publisher=P&sort=title', 'links keep them';
    shows $page, qr/Filters and order 3\b/;
    my @kept = map { $_->[1]{value} } grep { ($_->[1]{name} // '') eq 'category' } tags($page);
    ok +(grep { ($_ // '') eq 'x' } @kept) >= 4, 'and so do the forms';
    like $page->{html}, qr{<title>X, x, P - Book Share</title>};
    my $json = sub { $_[0]{content} =~ /"total":(\d+)/ ? $1 : '' };
    is $json->(GET('/api/books?category=X&category=x')), 3, 'the API';
    is GET('/api/books/datatable?category=X&category=x')->{content} =~ /"recordsFiltered":(\d+)/ && $1, 3, 'DataTables';
    my $many = join '&', map {"category=v$_"} 1 .. 15;
    is $ids->("category=X&$many"), '13', 'sixteen';
    my $more = GET("/list?category=X&category=w&$many");
    is $more->{status}, 400, 'not seventeen';
    shows $more, qr/At most 16 values of category can be chosen\./;
};

# The links of a page that lead to the list, by their text.
sub ways { return map { $_->[1] => $_->[0] } grep { $_->[0] =~ m{^/list\b} } links($_[0]) }

topic 'the heads of the columns sort, and keep the rest' => 9, sub {
    my %plain = ways(GET('/list'));
    is $plain{'Book ID'}, '/list?sort=-book_id', 'the order of the IDs can be turned round';
    is $plain{Title}, '/list?sort=title', 'another column';
    my $page = GET('/list?page=2&per_page=1&search=a&sort=title');
    my %way  = ways($page);
    is $way{Title}, '/list?per_page=1&search=a&sort=-title', 'the same column: the other way round';
    is $way{'Book ID'}, '/list?per_page=1&search=a&sort=book_id', 'back to the IDs';
    is $way{'Available from'}, '/list?per_page=1&search=a&sort=available_from', 'by date';
    is_deeply [map { $_->{'aria-sort'} // () } map { $_->[1] } tags($page)], ['ascending'], 'one head says how it is';
    is_deeply [map { $_->{'aria-sort'} // () } map { $_->[1] } tags(GET('/list?sort=-title'))], ['descending'];
    is $way{25}, '/list?per_page=25&search=a&sort=title', 'a size of the page';
    is $way{100}, '/list?search=a&sort=title', 'the usual one';
};

sub selected { return map { $_->[1]{value} } grep { exists $_->[1]{selected} } tags($_[0]) }

topic 'active filters are shown and can be removed' => 8, sub {
    my $page = GET('/list?search=a&category=X&publisher=P&from=2019-01-01&until=2020-12-31&per_page=50');
    my %way  = ways($page);
    is $way{'Remove Category: X'}, '/list?per_page=50&search=a&publisher=P&from=2019-01-01&until=2020-12-31';
    is $way{'Remove Available from: 2019-01-01'}, '/list?per_page=50&search=a&category=X&publisher=P&until=2020-12-31';
    is $way{'Show all books'}, '/list?per_page=50', 'all of it';
    is_deeply [selected($page)], ['X', 'P', 'best'], 'the form has it, too';
    my $box = inputs($page, qr{^/list});
    is_deeply [@$box{qw(search category publisher from until per_page)}], ['a', 'X', 'P', '2019-01-01', '2020-12-31', 50],
        'and the search keeps it';
    my $none = GET('/list?category=Nothing+of+the+kind');
    shows $none, qr/No book matches/;
    is +(selected($none))[0], 'Nothing of the kind', 'what is chosen is a choice';
    is_deeply [having(GET('/list'), class => 'all')], [], 'nothing is chosen in the plain list';
};

# The choices of a field: [value, text].
sub choices {
    my ($page, $field) = @_;
    my ($select) = $page->{html} =~ m{<select[^>]* name="$field">(.*?)</select>}s;
    return map { [$_->[0], $_->[1]] } map { [/value="([^"]*)"/, visible("<$_")] } $select =~ m{<(option .*?</option>)}g;
}

topic 'choices are counted over the whole result' => 6, sub {
    my $page = wait_for('the search index', 15, sub {
        my $got = GET('/list?sort=title&per_page=1');
        return message($got) =~ /search index/ && $got;
    });
    is_deeply [choices($page, 'category')], [['', 'Any'], ['X', 'X (2)'], ['x', 'x (1)']], 'without those that have none';
    is_deeply [choices(GET('/list?publisher=Q'), 'category')], [['', 'Any'], ['X', 'X (1)']], 'of what else is chosen';
    is_deeply [choices(GET('/list?publisher=Q'), 'publisher')], [['', 'Any'], ['P', 'P (2)'], ['Q', 'Q (2)']],
        'but not of the field itself';
    is_deeply [choices(GET('/list'), 'category')], [['', 'Any']], 'the whole list comes from where nothing is counted';
    my ($open) = grep { m{filters=} } hrefs(GET('/list?per_page=50'));
    is $open, '/list?per_page=50&filters=open', 'and leads to where it is';
    is_deeply [choices(GET($open), 'category')], [['', 'Any'], ['X', 'X (2)'], ['x', 'x (1)']];
};

topic 'a search that the client has: 304, until something changes' => 10, sub {
    for my $path ('/list?search=zq', '/api/books?search=zq') {
        my $etag = header(GET($path), 'ETag');
        is GET($path, 'If-None-Match' => $etag)->{status}, 304, $path;
        isnt header(GET("$path&page=1&per_page=25"), 'ETag'), $etag, 'another part has another';
        is GET("$path&per_page=100000", 'If-None-Match' => $etag)->{status}, 400, 'an invalid one has none';
        is POST('/add', { title => 'zq new', book_id => 'new ' . length $path })->{status}, 303;
        is GET($path, 'If-None-Match' => $etag)->{status}, 200, 'a change';
    }
};

topic 'the best match comes first' => 6, sub {
    $stack->mysql('DELETE FROM music');
    $stack->mysql(q{INSERT INTO music (book_id, title, authors, publisher, category, edition) VALUES
        ('a', 'x', '', '', '', 'zork'), ('b', 'x', '', '', 'zork', ''), ('c', 'x', '', 'Zork', '', ''),
        ('d', 'x', 'zork', '', '', ''), ('e', 'a megazork', '', '', '', ''), ('f', 'the Zorks', '', '', '', ''),
        ('g', '"Zorkmid" and x', '', '', '', ''), ('h', 'Zork!', '', '', '', ''), ('i', 'Zórk', '', '', '', ''),
        ('zork', 'x', '', '', '', '')});
    cli('cache', 'clear');
    my $ids = sub { join ' ', map { $_->[0] } rows(GET("/list?$_[0]")) };
    is $ids->('search=zork'), 'i zork g h f e d c b a', 'title, start of it, start of a word, in it, authors, publisher, category';
    is $ids->('search=zork&per_page=4&page=2'), 'f e d c', 'in pages, too';
    is $ids->('search=zork&sort=best'), $ids->('search=zork'), 'the usual order, by its name';
    is $ids->('search=zork&sort=book_id'), 'a b c d e f g h i zork', 'or by ID';
    is $ids->('search=zork+x'), 'g d c b a zork', 'of two words the one that is worst off decides';
    is $ids->('sort=best&per_page=2'), 'a b', 'nothing to match: by ID';
};

topic 'a mistyped word is answered with what was meant' => 10, sub {
    $stack->mysql('DELETE FROM music');
    $stack->mysql(q{INSERT INTO music (book_id, title, authors, category) VALUES
        ('1', 'The Murderer', 'Smith', 'Crime'), ('2', 'Murder', 'Jones', 'Crime'), ('3', 'Muddle', 'Jones', 'Poetry')});
    cli('cache', 'clear');
    warm_index();
    my $meant = sub {
        my ($attributes, $line) = $_[0]{html} =~ m{<p ([^>]*id="meant"[^>]*)>(.*?)</p>}s;
        return $attributes =~ /hidden/ ? [] : [$line =~ /href="([^"]*)"/g];
    };
    my $page = GET('/list?search=mudrer&per_page=25');
    shows $page, qr/Did you mean murder \(2\), murderer \(1\)\?/;
    is_deeply $meant->($page), ['/list?per_page=25&amp;search=murder', '/list?per_page=25&amp;search=murderer'], 'its link keeps the view';
    shows GET('/list?search=author:smtih+murderer'), qr/Did you mean author:smith murderer \(1\)\?/;
    shows GET('/list?search=mudrer&category=Crime'), qr/murder \(2\)/, 'within what is chosen';
    is_deeply $meant->(GET('/list?search=mudrer&category=Poetry')), [], 'nothing that finds nothing';
    is_deeply $meant->(GET('/list?search=smith')), [], 'nothing near finds more';
    my $parse = sub { JSON::PP->new->utf8->decode($_[0]{content}) };
    is_deeply $parse->(GET('/api/books?search=mudrer&suggest=1'))->{suggestions}, [{ search => 'murder', total => 2 }, { search => 'murderer', total => 1 }], 'the API says so when it is asked';
    is $parse->(GET('/api/books?search=mudrer'))->{suggestions}, undef;
    is GET('/api/books?search=mudrer&suggest=2')->{status}, 400;
    POST('/add', { book_id => '4', title => 'Spider-Man' });
    shows GET('/list?search=spidreman'), qr/Did you mean spiderman/, 'also words of books that were added since the index was made';
};

run_topics;
