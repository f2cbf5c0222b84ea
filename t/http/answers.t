# Answers to searches that are kept for those who ask the same.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 1200, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ed', 'editor');
my @ed = signed_in('ed');
warm_index();

sub is_kept { return header($_[0], 'Cache-Status') eq 'bookshare; hit; detail=find-index-kept' }

# Asks until the answer is a kept one. Each worker has to be asked twice first.
sub kept {
    my ($path) = @_;
    my $answer;
    wait_for("a kept answer to $path", 10, sub { is_kept($answer = GET($path)) });
    return $answer;
}

# An answer without what tells how it came about.
sub content {
    my ($answer) = @_;
    my %headers = %{ $answer->{headers} };
    delete @headers{qw(date server-timing cache-status content-length)};
    my $body = $answer->{content} =~ s/Time took: [\d.]+|"seconds":[\d.]+//gr;
    return [$answer->{status}, \%headers, $body];
}

my @paths = ('/list?search=e&per_page=25', '/list?category=Poetry', '/api/books?search=e&facets=1',
    '/api/books/datatable?search%5Bvalue%5D=e&length=10');

topic 'what is asked again is answered at once, with the same' => 8, sub {
    for my $path (@paths) {
        my $first = GET($path);
        ok !is_kept($first), $path;
        is_deeply content(kept($path)), content($first);
    }
};

topic 'a write ends it' => 5, sub {
    is GET('/add', @ed)->{status}, 200;
    for my $path (@paths) {
        my $before = kept($path);
        POST('/add', { book_id => 'new ' . length $path, title => 'e', category => 'Poetry' }, @ed);
        my @after = everywhere(sub { content(GET($path)) });
        is scalar(grep { $_->[2] eq content($before)->[2] } @after), 0, $path;
    }
};

topic 'what is not the same for everybody, or is not a search, is not kept' => 4, sub {
    is scalar(grep { is_kept($_) } map { GET('/list?search=ea', @ed) } 1 .. 8), 0, 'for somebody who has signed in';
    kept('/list?search=ea');
    unlike GET('/list?search=ea', @ed)->{html}, qr/Sign in/, 'nor what strangers see';
    is scalar(grep { is_kept($_) } map { GET('/list?page=2') } 1 .. 8), 0, 'the list has its own files';
    is scalar(grep { is_kept($_) } map { GET('/api/books?search=e&per_page=1000') } 1 .. 8), 0, 'an answer above 96 KB';
};

topic 'a list page from the index is not kept: its list comes back' => 2, sub {
    $stack->redis('FLUSHALL');
    wait_for('a list from the index', 10, sub { header(GET('/list?page=3'), 'Server-Timing') =~ /search index/ });
    ok wait_for('Redis', 20, sub { from_redis(GET('/list?page=3')) && !is_kept(GET('/list?page=3')) });
    is scalar(grep { is_kept($_) } map { GET('/list?page=3') } 1 .. 8), 0;
};

topic 'a damaged file holds no answers' => 6, sub {
    my ($file) = glob $stack->dir . '/shared/*-answers';
    ok -s $file, 'the file';
    my $good = content(kept($paths[0]));
    for my $damage ("\0" x 20, 'x' x 20) {
        my $at = -s $file;
        open my $handle, '+<', $file or die "$file: $!";
        for (my $place = 100; $place < $at; $place += 4096) { seek $handle, $place, 0; print {$handle} $damage }
        close $handle or die "$file: $!";
        my $now = GET($paths[0]);
        ok !is_kept($now), 'is noticed';
        is_deeply content($now), $good;
    }
    truncate $file, 10;
    is_deeply content(GET($paths[0])), $good, 'cut';
};

topic 'a page of 100 rows that anybody may edit is kept' => 3, sub {
    $stack->stop_pool;
    local $stack->{env} = { %{ $stack->{env} }, BOOKSHARE_AUTH => 'open' };
    $stack->start_pool;
    my $page = kept('/list?search=e');
    is scalar(rows($page)), 100;
    ok +(having($page, type => 'checkbox'))[99], 'each with all that leads on';
    cmp_ok length $page->{content}, '>', 56 * 1024;
};

run_topics;
