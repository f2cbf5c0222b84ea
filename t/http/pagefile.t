# Page files: nginx serves a list page from a file, but never from one older than an acknowledged write.

use v5.20;
use warnings;
use utf8;

use IO::Uncompress::Gunzip qw(gunzip);
use POSIX ();

use BookShare::Test;

my $stack = stack(rows => 1250, page_files => 1, env => { BOOKSHARE_PAGE_FILES_MB => 1 });
my $pages = $stack->pages;

sub from_file { return header($_[0], 'Cache-Status') =~ /page-file/ }

# Asks until a file answers.
sub file_of {
    my ($path) = @_;
    my $answer;
    wait_for("$path from a file", 10, sub { from_file($answer = GET($path)) });
    return $answer;
}

sub ids { return [map { $_->[0] } rows(@_)] }

sub version_of { return $_[0]{content} =~ /"version":"([^"]+)"/ ? $1 : '' }

warm('/list');

topic 'a page that was rendered once is a file' => 10, sub {
    my $page = GET('/list?page=3&x');    # no file answers this, whatever is there
    ok !from_file($page);
    my $file = file_of('/list?page=3');
    is $file->{status}, 200;
    is_deeply [rows($file)], [rows($page)], 'the same rows';
    like $file->{html}, qr{<title>All books, page 3 - Book Share</title>}, 'its title';
    like message($file), qr/^Data loaded from a page file, rendered from (?:Redis cache|the search index|MySQL) on [-0-9]+ [:0-9]+ UTC\. Length: 1250\./;
    is header($file, 'Content-Type'), 'text/html; charset=utf-8';
    is header($file, 'Cache-Control'), 'no-cache';
    like header($file, 'Server-Timing'), qr/page file/;
    is header($file, 'Last-Modified'), '', 'its time is the time of nothing';
    like header($file, 'ETag'), qr/^"/;
};

topic 'it is validated, asked for with HEAD, and sent compressed' => 5, sub {
    my $file = file_of('/list?page=3');
    my $etag = header($file, 'ETag');
    is GET('/list?page=3', 'If-None-Match' => $etag)->{status}, 304;
    is GET('/list?page=3', 'If-None-Match' => '"other"')->{status}, 200;
    my $head = HEAD('/list?page=3');
    is $head->{status} . header($head, 'ETag'), "200$etag";
    my $small = GET('/list?page=3', 'Accept-Encoding' => 'gzip');
    is header($small, 'Content-Encoding'), 'gzip';
    unlike $small->{content}, qr/<html/, 'and is not the plain text';
};

topic 'a change is seen at once, wherever it is' => 16, sub {
    for my $turn (1 .. 4) {
        my $file = file_of('/list');
        my $id   = (rows($file))[0][0];
        is POST('/update/' . escaped($id), { title => "Turn $turn" })->{status}, 303;
        my $page = GET('/list');
        is +(rows($page))[0][1], "Turn $turn", 'the very next page has it';
        my $next = file_of('/list');
        is +(rows($next))[0][1], "Turn $turn", 'and so has the next file';
        isnt header($next, 'ETag'), header($file, 'ETag'), 'which has another ETag';
    }
};

topic 'the message of a change is shown once, and is in no file' => 4, sub {
    file_of('/list');
    my $page = follow(POST('/add', { book_id => '!PF', title => 'A page file' }));
    shows $page, qr/added/i;
    ok !from_file($page);
    my $file = file_of('/list');
    unlike visible($file->{content}), qr/\badded\b/i;
    is ids($file)->[0], '!PF';
};

topic 'the first client that accepts gzip gives nobody its bytes' => 6, sub {
    for my $path ('/', '/list?page=2') {
        add_book(book_id => '!GZIP');    # which withdraws all files
        my $small;
        wait_for("$path from a file", 10, sub { from_file($small = GET($path, 'Accept-Encoding' => 'gzip')) });
        my $plain = GET($path);
        ok from_file($plain), $path;
        like $plain->{content}, qr/\A<!doctype html>/i, 'plain';
        gunzip(\$small->{content}, \my $content) or die;
        ok $content eq $plain->{content}, 'and compressed once';
        POST('/delete/%21GZIP', {});
    }
};

topic 'the home page is a file, too' => 13, sub {
    my $file = file_of('/');
    shows $file, qr/\b1,251 books\b/;
    is header($file, $_->[0]), $_->[1], $_->[0] for ['Content-Type' => 'text/html; charset=utf-8'], ['Cache-Control' => 'no-cache'], ['Last-Modified' => ''];
    my ($category) = grep { $_->[0] =~ m{^/list\?category=} } links($file);
    shows GET($category->[0]), qr/\b\d+ books\b/, 'it leads to the categories';
    is POST('/add', { book_id => '!HOME', title => 'Home of books' })->{status}, 303;
    my $page = GET('/');
    shows $page, qr/\b1,252 books\b.*Last changes Added Home of books/, 'the very next page has a change';
    ok +(grep { $_ eq '/books/%21HOME' } hrefs($page)), 'and leads there';
    is header($file, 'ETag') eq header(file_of('/'), 'ETag'), '', 'and so has the next file';
    ok !from_file(GET('/?x')), 'with a parameter: a worker';
    ok !from_file(GET('/', cookie => 'bookshare_flash=added.0.%21HOME')), 'with a message: a worker';
    POST('/delete/%21HOME', {});
    is POST('/', {})->{status}, 405;
    ok !from_file(GET('/list?page=0')), 'it has no number';
};

topic 'the version of the table is a file, too' => 9, sub {
    my $ask = sub { GET('/api/version', @_) };
    my $is_file = sub { header($_[0], 'ETag') ne '' };
    my $file;
    my $take = sub { wait_for('the version from a file', 10, sub { $is_file->($file = $ask->()) }) };
    $take->();
    like $file->{content}, qr/^\{"version":"\d+-\d+-[0-9a-f]{15}"\}$/;
    is header($file, $_->[0]), $_->[1], $_->[0] for ['Content-Type' => 'application/json'], ['Cache-Control' => 'no-cache'], ['Last-Modified' => ''];
    is $ask->('If-None-Match' => header($file, 'ETag'))->{status}, 304;
    is version_of($file), header(GET('/list?x'), 'Bookshare-Version'), 'it is that of the list';
    my $before = version_of($file);
    POST('/add', { book_id => '!VERSION', title => 'A version' });
    isnt version_of($ask->()), $before, 'after a change it is another at once';
    $take->();
    isnt version_of($file), $before, 'also from a file';
    is POST('/api/version', {})->{status}, 405;
    POST('/delete/%21VERSION', {});
};

topic 'anything but a plain page of the list comes from a worker' => 7, sub {
    file_of('/list?page=2');
    for my $path ('/list?search=a', '/list?page=2&search=', '/list?page=02', '/list?page=0', '/list?page=99') {
        ok !from_file(GET($path)), $path;
    }
    is GET('/list?page=0')->{status}, 400;
    is POST('/list', { search => 'x' })->{status}, 303, 'a form';
};

topic 'the folder is bounded: pages with higher numbers have no files' => 3, sub {
    my $most = int(1024 * 1024 / (96 * 1024));
    ok from_file(file_of("/list?page=$most"));
    GET('/list?page=' . ($most + 1)) for 1 .. 3;
    ok !from_file(GET('/list?page=' . ($most + 1)));
    my @folders = grep { -d && !-l } glob "$pages/*";
    is scalar @folders, 1, 'and old versions are gone';
};

topic 'edits that bypass the application are seen within the check interval of bookshare cache clear' => 2, sub {
    my $file = file_of('/list');
    my $id   = (rows($file))[0][0];
    $stack->mysql("UPDATE music SET title = 'Past the application' WHERE book_id = '$id'");
    is +(cli('cache', 'clear'))[0], 0;
    ok wait_for('the edit', 3, sub { (rows(GET('/list')))[0][1] eq 'Past the application' });
};

topic 'a writer that is killed in its transaction leaves no old file behind' => 5, sub {
    my $file = file_of('/list');
    my $id   = (rows($file))[0][0];
    # Another transaction holds the version's row, so that the writer stands still within its own.
    my $holder = fork // die;
    if (!$holder) {
        exec $stack->mysql_client, $stack->database, '-e',
            'BEGIN; SELECT * FROM music_version FOR UPDATE; SELECT SLEEP(300)';
        die;
    }
    ok wait_for('the holder', 10, sub {
        $stack->mysql("SELECT 1 FROM information_schema.processlist WHERE info LIKE '%SLEEP(300)%' AND info NOT LIKE '%info%'");
    });
    my $writer = fork // die;
    if (!$writer) {
        POST('/update/' . escaped($id), { title => 'Never acknowledged' });
        POSIX::_exit(0);
    }
    ok wait_for('the files are withdrawn', 5, sub { !-l "$pages/current" });
    $stack->kill('pool', 'KILL');
    ok !-l "$pages/current", 'and stay so';
    CORE::kill 'TERM', $holder;
    waitpid $_, 0 for $holder, $writer;
    $stack->mysql('KILL ' . $_->[0])
        for $stack->mysql("SELECT id FROM information_schema.processlist WHERE info LIKE '%SLEEP(300)%' AND info NOT LIKE '%info%'");
    $stack->stop_pool;
    $stack->start_pool;
    my ($truth) = $stack->mysql("SELECT title FROM music WHERE book_id = '$id'");
    is +(rows(file_of('/list')))[0][1], $truth->[0];
    isnt $truth->[0], 'Never acknowledged';
};

run_topics;
