# `bookshare views` shows the three views of the table in the same form: the list in Redis, the search index, the page
# files.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 250, page_files => 1);

sub is_current { return (view($_[0])->{version} // '') =~ /, current$/ }

sub all_current {
    return wait_for('all views', 20, sub { GET('/list'); GET('/list?search=zq'); 3 == grep { is_current($_) } qw(list index pages) });
}

topic 'each has the version of the table, its rows and its size' => 10, sub {
    ok all_current();
    my $version = view('table')->{version};
    for my $name (qw(list index pages)) {
        my $view = view($name);
        is $view->{version}, "$version, current", $name;
        cmp_ok $view->{bytes}, '>', 100;
        like $view->{made}, qr/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/, 'when it was made';
    }
};

topic 'rows are books, or pages' => 3, sub {
    is view('list')->{rows},  250;
    is view('index')->{rows}, 250;
    ok wait_for('the page', 10, sub { GET('/list'); view('pages')->{rows} == 1 });
};

topic 'a write makes another version, and all of them reach it' => 3, sub {
    my $before = view('table')->{version};
    is add_book(book_id => '!NEW')->{status}, 303;
    isnt view('table')->{version}, $before;
    ok all_current();
};

topic 'a server that is down only hides its own view' => 5, sub {
    my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_URL => 'redis://127.0.0.1:1' }, 'views');
    is $status, 1;
    like $err, qr/refused/i;
    like $out, qr/^index .*\n  version: .*, current$/m, 'the index is shown';
    ($status, $out) = cli({ BOOKSHARE_FIND_INDEX => 'off' }, 'views');
    is $status, 0;
    is scalar(() = $out =~ /^  off$/mg), 1, 'what the settings do not ask for is off';
};

run_topics;
