# Edits of many books in the browser and by the API: form, preview, confirmation, progress, undo, and who may.

use v5.20;
use warnings;
use utf8;

use JSON::PP ();

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 1300, workers => 2, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person(@$_) for ['ed', 'editor'], ['ada', 'admin'];
my @ed   = signed_in('ed');
my @ada  = signed_in('ada');
my $json = JSON::PP->new->utf8;
warm_index();

sub count { my ($where) = @_; return ($stack->mysql("SELECT COUNT(*) FROM music WHERE $where"))[0][0] }
sub latest { return ($stack->mysql('SELECT MAX(edit) FROM music_edits'))[0][0] // 0 }
sub to { return header($_[0], 'Location') }

POST('/add', { book_id => "!M$_", title => "Many $_", category => 'Old' }, @ed) for 1 .. 12;

topic 'the form, its preview, and the edit' => 14, sub {
    my $page = GET('/edit?search=many', @ed);
    shows $page, qr/Change 12 books that match many/;
    my $preview = POST('/edit?search=many', { what => 'set', field => 'category', old => '', new => ' New & <b> ' }, @ed);
    is $preview->{status}, 200;
    shows $preview, qr/Preview: Category set to “New & <b>” 12 books will be changed\. Nothing has been changed yet\./;
    shows $preview, qr/Many 1 !M1 Category Old → New & <b> .* and 2 more/;
    is count(q{category = 'Old'}), 12;
    my %form = %{ inputs($preview, qr/edit/) };
    my %run = (%form, what => 'set', field => 'category', new => 'New & <b>', old => '', step => 'run');
    ok $run{once} && $run{sum};
    my $answer = POST('/edit?search=many', \%run, @ed);
    is $answer->{status} . to($answer), '303/edits/' . latest();
    is count(q{category = 'New & <b>'}), 12;
    is to(POST('/edit?search=many', \%run, @ed)), to($answer), 'the same form again is the same edit';
    my $done = GET(to($answer), @ed);
    shows $done, qr/Category set to “New & <b>” 12 books were changed\..* by ed/;
    unlike header($done, 'Refresh'), qr/\d/;
    my $undo = POST(to($answer) . '/undo', inputs($done, qr/undo/), @ed);
    is count(q{category = 'Old'}), 12, 'undone';
    is to(POST(to($answer) . '/undo', inputs($done, qr/undo/), @ed)), to($undo), 'once';
    shows(GET(to($answer), @ed), qr/Undone by a later edit/);
};

topic 'the form names the filters of its books' => 3, sub {
    my $filters = 'search=many&category=Old&category=Other&until=2030-01-01';
    my $says = qr/Change 0 books that match many Only Category: Old, Category: Other, Available until: 2030-01-01 /;
    shows GET("/edit?$filters", @ed), $says;
    shows POST("/edit?$filters", { what => 'delete', field => '', old => '', new => '' }, @ed), $says, 'its preview, too';
    shows GET('/edit?search=many', @ed), qr/Change 12 books that match many What to do/;
};

topic 'books that have changed since the preview' => 3, sub {
    my $preview = POST('/edit?search=many', { what => 'clear', field => 'category', old => '', new => '' }, @ed);
    my %run = (%{ inputs($preview, qr/edit/) }, what => 'clear', field => 'category', step => 'run');
    POST('/update/!M3', { title => 'Many 3', category => 'Other' }, @ed);
    my $answer = POST('/edit?search=many', \%run, @ed);
    is $answer->{status}, 409;
    shows $answer, qr/The books have changed since you saw them/;
    is count(q{category = 'Old'}), 11, 'nothing is changed';
};

topic 'what is wrong is said, and nothing is changed' => 13, sub {
    for (
        [{ what => 'set', field => 'title', new => ' ' }, qr/required/],
        [{ what => 'replace', field => 'title', old => '', new => 'x' }, qr/text to be replaced is missing/],
        [{ what => 'replace', field => 'title', old => 'Many', new => 'x' x 254 }, qr/12 books would not be valid/],
        [{ field => 'title' }, qr/choose what to do/],
        )
    {
        my ($form, $says) = @$_;
        my $answer = POST('/edit?search=many', { %$form, step => 'run', sum => '0' x 16 }, @ed);
        is $answer->{status}, 422;
        shows $answer, $says;
        shows $answer, qr/Change (?:12 )?books that match many/;
    }
    is count(q{title LIKE 'Many %'}), 12;
};

topic 'books that are named one by one' => 4, sub {
    my $preview = POST('/edit', [id => '!M1', id => '!M2', id => '!M2', id => '!NONE', what => 'set', field => 'edition', old => '', new => '77th'], @ed);
    shows $preview, qr/2 books will be changed/;
    POST('/edit', [id => '!M1', id => '!M2', id => '!M2', id => '!NONE', what => 'set', field => 'edition', old => '', new => '77th', step => 'run', sum => inputs($preview, qr/edit/)->{sum}], @ed);
    is count(q{edition = '77th'}), 2;
    my $whole = GET('/edit?page=2&search=x' . join('', map { sprintf '&id=%030d', $_ } 1 .. 100), @ed);
    shows $whole, qr/Change 100 books What/, 'a whole page of the list, with the longest IDs';
    ok +(grep { $_ eq '/list?page=2&search=x' } hrefs($whole)), 'and back to that page';
};

sub edits {
    my ($query, $body, %headers) = @_;
    return request('POST', "/api/edits$query", $json->encode($body), 'content-type' => 'application/json', %headers);
}

sub read_json { return $json->decode($_[0]{content}) }

topic 'the API: a dry run, an edit, its undo' => 15, sub {
    my $dry = edits('?search=many', { what => 'replace', field => 'title', old => 'Many', new => 'Lots', dry_run => JSON::PP::true }, @ed);
    is $dry->{status}, 200;
    my $plan = read_json($dry);
    is "@$plan{qw(found changes unchanged refused)}", '12 12 0 0';
    is $plan->{samples}[0]{after}{title}, 'Lots 1';
    is edits('?search=many', { what => 'delete', sum => '0' x 16 }, @ed)->{status}, 409, 'not as in the dry run';
    my %wish = (what => 'replace', field => 'title', old => 'Many', new => 'Lots', sum => $plan->{sum});
    my $made = edits('?search=many', \%wish, 'idempotency-key' => 'k1', @ed);
    is $made->{status}, 201;
    is to($made), '/api/edits/' . latest();
    my $edit = read_json($made);
    is "@$edit{qw(state planned changed skipped user)}", 'done 12 12 0 ed';
    is to(edits('?search=many', \%wish, 'idempotency-key' => 'k1', @ed)), to($made), 'the same key is the same edit';
    is count(q{title LIKE 'Lots %'}), 12;
    my $undo = request('POST', to($made) . '/undo', '', @ed);
    is $undo->{status}, 201;
    is read_json($undo)->{undoes}, $edit->{number};
    is read_json(GET(to($made), @ed))->{undone_by}, read_json($undo)->{number};
    is count(q{title LIKE 'Many %'}), 12;
    is request('POST', to($made) . '/continue', '', @ed)->{status}, 409, 'a done one cannot go on';
    is GET('/api/edits/999', @ed)->{status}, 404;
};

topic 'a key that was used for another edit' => 5, sub {
    my @key = ('idempotency-key' => 'mine');
    my %set = (what => 'set', field => 'edition', new => 'Key');
    my $made = edits('?search=many', \%set, @key, @ed);
    is $made->{status}, 201;
    is to(edits('?search=many', \%set, @key, @ed)), to($made), 'the same again';
    is edits('?search=many', { %set, new => 'Other' }, @key, @ed)->{status}, 422, 'another value';
    is edits('?search=none', \%set, @key, @ed)->{status}, 422, 'other books';
    is count(q{edition IN ('Key', 'Other')}), 12;
};

topic 'the API refuses what it does not understand' => 17, sub {
    for (
        {}, { what => 'undo' }, { what => 'set', field => 'title' }, { what => 'set', field => 'book_id', new => 'x' }, { what => 'delete', field => 'title' },
        { what => 'clear', field => 'title' }, { what => 'set', field => 'edition', new => 7 }, { what => 'delete', x => 1 }, { what => 'delete', all => 1 },
        { what => 'delete', ids => [] }, { what => 'delete', ids => ['!M1'] }, { what => 'delete', all => JSON::PP::true }, { what => 'delete', sum => 'x' }, { what => 'clear', field => 'nope' },
        )
    {
        is edits('?search=many', $_, @ed)->{status}, 422, $json->encode($_);
    }
    is edits('', { what => 'delete' }, @ada)->{status}, 422, 'all books must be named';
    is edits('', { what => 'delete', ids => [map {"x$_"} 1 .. 251] }, @ada)->{status}, 422;
    is count('1'), 1312;
};

topic 'an editor may change 1,000 books, and delete 100; an admin more' => 9, sub {
    my $all = JSON::PP::true;
    $stack->mysql(q{UPDATE music SET publisher = NULL; UPDATE music SET publisher = 'A' LIMIT 1000});
    cli('cache', 'clear');
    warm_index();
    is edits('?publisher=A', { what => 'set', field => 'publisher', new => 'B' }, @ed)->{status}, 201, '1,000';
    POST('/update/!M1', { title => 'Many 1', publisher => 'C' }, @ed);
    is count(q{publisher IS NULL}), 312;
    is edits('', { what => 'set', field => 'publisher', new => 'B', all => $all }, @ed)->{status}, 201, 'as many as would be changed count';
    is edits('', { what => 'set', field => 'edition', new => 'x', all => $all }, @ed)->{status}, 403, 'more';
    $stack->mysql(q{UPDATE music SET category = NULL; UPDATE music SET category = 'D' ORDER BY book_id LIMIT 101});
    cli('cache', 'clear');
    warm_index();
    is edits('?category=D', { what => 'delete' }, @ed)->{status}, 403, '101 deleted';
    POST('/edit?category=D', { what => 'delete', step => 'run', sum => '0' x 16 }, @ed);
    is count(q{category = 'D'}), 101, 'nothing is changed';
    POST('/delete/!M12', {}, @ed);
    is count(q{category = 'D'}), 100;
    is edits('?category=D', { what => 'delete' }, @ed)->{status}, 201, '100 deleted';
    is edits('', { what => 'delete', all => $all, dry_run => $all }, @ada)->{status}, 200, 'an admin more';
};

topic 'many books are changed in the background, one edit at a time, with progress' => 7, sub {
    my $release = session('START TRANSACTION; SELECT version FROM music_version FOR UPDATE');    # holds it before its first book
    my $made = edits('', { what => 'set', field => 'edition', new => 'Background', all => JSON::PP::true }, 'idempotency-key' => 'bg', @ada);
    is $made->{status}, 202;
    is to(edits('', { what => 'set', field => 'edition', new => 'Background', all => JSON::PP::true }, 'idempotency-key' => 'bg', @ada)), to($made), 'the same again';
    is edits('', { what => 'clear', field => 'edition', all => JSON::PP::true }, @ada)->{status}, 503, 'another one has to wait';
    my $page = GET(to($made) =~ s{/api}{}r, @ada);
    like $page->{html}, qr/of 1,211 books so far/;
    is header($page, 'Refresh'), 1;
    $release->();
    ok wait_for('the edit', 30, sub { read_json(GET(to($made), @ada))->{state} eq 'done' });
    is count(q{edition = 'Background'}), count('1');
};

run_topics;
