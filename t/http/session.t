# Sessions beside page files, entity tags, an outage of MySQL and TLS.

use v5.20;
use warnings;
use utf8;

use BookShare::FastCGI;
use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 250, page_files => 1, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ed', 'editor');
add_person('ro', 'reader');
my @ed = signed_in('ed');
my @ro = signed_in('ro');

sub from_file { return header($_[0], 'Cache-Status') =~ /page-file/ }

# Asks until a file answers.
sub file_of {
    my ($path) = @_;
    my $answer;
    wait_for("$path from a file", 10, sub { from_file($answer = GET($path)) });
    return $answer;
}

warm('/list');

topic 'page files are for strangers, and hold nothing of anybody' => 10, sub {
    for my $round (1 .. 3) {
        my $page = GET('/list?page=2', @ed);
        ok !from_file($page), 'who is signed in gets a page of their own';
        shows($page, qr/\bed\b.*\bEdit\b/);
    }
    my $file = file_of('/list?page=2');
    unlike visible($file), qr/\bed\b|\bEdit\b|Add a book/, 'a file has what strangers see';
    is +(grep { $_->[1] eq 'Sign in' } links($file))[0][0], '/sign-in?to=%2Flist%3Fpage%3D2', 'and the way back to its page';
    ok !from_file(GET('/list?page=2', cookie => '__Host-bookshare_session=x')), 'the cookie of TLS counts, too';
    is GET('/list?page=2', authorization => 'Bearer nonsense')->{status}, 401, 'a program learns that its token is not valid';
};

topic 'a page of somebody is theirs alone' => 12, sub {
    for my $path ('/list', '/list?search=a', '/') {
        is header(GET("$path", @ed), 'Cache-Control'), 'private, no-cache', $path;
    }
    my %etag = map { header(GET('/list?page=3&x', @$_), 'ETag') => 1 } [], \@ed, \@ro;
    is scalar(keys %etag), 3, 'each has its own entity tag';
    my $stranger = header(GET('/list?page=3&x'), 'ETag');
    my $own      = header(GET('/list?page=3&x', @ed), 'ETag');
    is GET('/list?page=3&x', @ed, 'if-none-match' => $own)->{status},      304, 'which counts for them';
    is GET('/list?page=3&x', @ed, 'if-none-match' => $stranger)->{status}, 200, 'while that of strangers does not';
    is GET('/list?page=3&x', 'if-none-match' => $own)->{status},           200, 'nor theirs for strangers';
    is GET('/list?page=3&x', @ro, 'if-none-match' => $own)->{status},      200, 'nor for others';
    my ($status) = user('', 'role', 'ed', 'reader');
    is $status, 0, 'another role';
    is GET('/list?page=3&x', @ed, 'if-none-match' => $own)->{status}, 200, 'is another page';
    is +(user('', 'role', 'ed', 'editor'))[0], 0;
    is header(GET('/api/books', @ed), 'Cache-Control'), 'private, no-cache', 'so is an answer to a program';
};

topic 'without MySQL everybody sees what strangers see' => 12, sub {
    allow(qr/MySQL/);
    GET('/list?page=2&x');
    for my $outage (qw(pause stop)) {
        $outage eq 'pause' ? $stack->pause('mysql') : $stack->stop_mysql;
        my $page = GET('/list?page=2&x', @ed);
        is $page->{status}, 200, "$outage: the list";
        shows($page, qr/The database does not respond/);
        unlike visible($page), qr/\bed\b|Sign in/, 'without a name';
        is POST('/add', { book_id => '!AWAY', title => 'x' }, @ed)->{status}, 503, 'a write is not taken for that of a stranger';
        my $began = time;
        is sign_in('ed', password('ed'))->{status}, 503, 'a sign-in fails';
        cmp_ok time - $began, '<', 20, 'before the time-out of a write, 30 s';
        $outage eq 'pause' ? $stack->resume('mysql') : $stack->start_mysql;
    }
};

topic 'afterwards they are known again' => 1, sub {
    shows(wait_for('MySQL', 15, sub { my $page = GET('/', @ed); visible($page) =~ /\bed\b/ && $page }), qr/Add a book/);
};

topic 'a page for somebody whom MySQL could not name is nobody else\'s' => 3, sub {
    $stack->mysql('RENAME TABLE people_keys TO people_keys_away');
    my $page = GET('/list?page=3', @ed);
    $stack->mysql('RENAME TABLE people_keys_away TO people_keys');
    is $page->{status}, 200;
    is header($page, 'Cache-Control'), 'private, no-cache';
    shows(file_of('/list?page=3'), qr/Sign in/, 'the page file has what strangers see');
};

topic 'all of IPv4, written as IPv6, is not one address' => 3, sub {
    my $worker = BookShare::FastCGI->new($stack->program('bookshare-worker'), $stack->dir . '/mapped', $stack->log('worker'), $stack->env);
    my $try = sub {
        my ($address, $name, $password) = @_;
        return $worker->receive($worker->send(POST => '/sign-in', "name=$name&password=" . escaped($password),
            CONTENT_TYPE => 'application/x-www-form-urlencoded', REMOTE_ADDR => $address))->{status};
    };
    hold_waits();
    is join(' ', map { $try->('::ffff:10.0.0.1', "nobody$_", 'guess') } 1 .. 22), join(' ', (422) x 21, 429), 'one address is slowed';
    is $try->('::ffff:10.0.0.2', 'ed', password('ed')), 303, 'its neighbour is not';
    $try->("2001:db8::$_", "nobody$_", 'guess') for 1 .. 21;
    is $try->('2001:db8::ffff', 'ed', password('ed')), 429, 'while an IPv6 network counts as one';
    release_waits();
    $stack->mysql('DELETE FROM people_attempts');
    $worker->signal('TERM');
    $worker->wait(10);
};

topic 'with TLS the cookie is bound to the host' => 6, sub {
    my $worker = BookShare::FastCGI->new($stack->program('bookshare-worker'), $stack->dir . '/tls', $stack->log('worker'), $stack->env);
    my $ask = sub { $worker->receive($worker->send(@_, REMOTE_ADDR => '127.0.0.1', REQUEST_SCHEME => 'https', HTTPS => 'on')) };
    my $answer = $ask->(POST => '/sign-in', 'name=ed&password=' . escaped(password('ed')), CONTENT_TYPE => 'application/x-www-form-urlencoded');
    is $answer->{status}, 303;
    my ($secret) = header($answer, 'Set-Cookie')
        =~ /^__Host-bookshare_session=([\w-]{43}); Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/;
    ok $secret, header($answer, 'Set-Cookie') =~ s/=[\w-]{43}/=.../r;
    is $ask->(GET => '/add', undef, HTTP_COOKIE => "__Host-bookshare_session=$secret")->{status}, 200, 'it is accepted';
    is $ask->(GET => '/add', undef, HTTP_COOKIE => "bookshare_session=$secret")->{status}, 303, 'not under the name that others could plant';
    is GET('/add', cookie => "__Host-bookshare_session=$secret")->{status}, 303, 'and not without TLS';
    $answer = $ask->(POST => '/users', 'name=tess&role=reader', CONTENT_TYPE => 'application/x-www-form-urlencoded',
        HTTP_COOKIE => "__Host-bookshare_session=$secret");
    is $answer->{status}, 403, 'the role counts here, too';
    $worker->signal('TERM');
    $worker->wait(10);
};

topic 'below members only nothing is served from files, not even old ones' => 5, sub {
    file_of('/list?page=2');
    $stack->kill('pool', 'KILL');    # a worker that ends by itself takes the files away
    ok -e $stack->pages . '/current', 'files are left';
    $stack->{env}{BOOKSHARE_READ} = 'members';
    $stack->start_pool;
    wait_for('the first worker to withdraw them', 10, sub { !-e $stack->pages . '/current' });
    is GET('/list?page=2')->{status}, 303, 'a stranger gets none of them';
    is GET('/list?page=2', @ro)->{status}, 200, 'a member gets the page';
    GET('/list?page=2', @ro) for 1 .. 3;
    is header(GET('/list?page=2', @ro), 'Cache-Control'), 'private, no-cache';
    ok !-e $stack->pages . '/current', 'and no file is made';
};

run_topics;
