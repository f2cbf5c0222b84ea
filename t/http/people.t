# Accounts: people are added, sign in and out, choose passwords and end sessions; and what must not work does not.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 150, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');
add_person('ed',  'editor');

# Forgets all failures, as an hour does.
sub forgive { $stack->mysql('DELETE FROM people_attempts') }

topic 'people are added with a password from standard input' => 23, sub {
    my @rejected = (
        ["short\n",           'short'], ['', 'none'], ["\n", 'empty'], ['x' x 1025 . "\n", 'too long'],
    );
    for (@rejected) {
        my ($status, $out, $err) = user($_->[0], 'add', 'bob');
        ok $status == 1 && $err =~ /password/i, "a password that is $_->[1]";
    }
    for my $name ('', 'with blank', 'a/b', "a\tb", 'x' x 65, 'web', 'import', 'sql') {
        my ($status, $out, $err) = user("good enough\n", 'add', $name);
        ok $status == 1 && $err =~ /name/i, "a name that is not: '$name'";
    }
    for ("a\x{200B}nn", "ann\x{200F}", "\x{FEFF}ann", "a\x{202E}nn", "\x{3164}", "\x{308}\x{301}") {
        my ($status, $out, $err) = user("good enough\n", 'add', encode('UTF-8', $_));
        ok $status == 1 && $err eq "bookshare: The name cannot contain invisible characters, or begin with a combining mark.\n",
            'what cannot be seen: ' . join ' ', map { sprintf 'U+%04X', ord } split //;
    }
    my ($status, $out, $err) = user("good enough\n", 'add', 'ed');
    ok $status == 1 && $err =~ /taken/, 'a name that is taken';
    is +(user("good enough\n", 'add', 'bob', '--role', 'king'))[0], 2, 'no such role';
    ($status, $out) = user('', 'list');
    is $status, 0;
    is join(',', map { join ' ', (split)[0, 1] } split /\n/, $out), 'ann admin,ed editor', 'nobody else is there';
    is_deeply [$stack->mysql(q{SELECT COUNT(*) FROM people WHERE password LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'})], [[2]],
        'and passwords are hashed';
};

topic 'check says whether anybody may write' => 7, sub {
    my ($status, $out) = cli('check');
    is $status, 0;
    like $out, qr/^People: 2, of whom 2 may write$/m;
    $stack->mysql("UPDATE people SET role = 'reader'");
    ($status, $out) = cli({ BOOKSHARE_TEMPLATES => '/nowhere' }, 'check');
    is $status, 1, 'a failure before that';
    like $out, qr/FAILED.*^People: nobody may write/ms, 'is not forgotten';
    like +(cli('check'))[1], qr/^People: nobody may write; run `bookshare user add/m;
    $stack->mysql("UPDATE people SET role = IF(name = 'ann', 'admin', 'editor')");
    $stack->mysql('RENAME TABLE people TO people_aside');
    ($status, $out) = cli('check');
    $stack->mysql('RENAME TABLE people_aside TO people');
    is $status, 1, 'tables of an older version';
    like $out, qr/^People: FAILED, .*people.*; run `bookshare migrate`$/m;
};

topic 'signing in' => 12, sub {
    my $page = GET('/sign-in?to=/list%3Fpage%3D2');
    is $page->{status}, 200;
    is inputs($page, qr/sign-in/)->{to}, '/list?page=2', 'the form knows the way back';
    my $answer = sign_in('ed', password('ed'), to => '/list?page=2');
    is $answer->{status}, 303;
    is header($answer, 'Location'), '/list?page=2';
    like header($answer, 'Set-Cookie'), qr{^bookshare_session=[\w-]{43}; Max-Age=\d+; Path=/; HttpOnly; SameSite=Lax$};
    my @ed = (cookie => cookie($answer));
    shows(GET('/', @ed), qr/\bed\b.*Add a book/, 'the pages show the name, and what an editor may do');
    is POST('/add', { book_id => '!ED', title => 'By Ed' }, @ed)->{status}, 303, 'who may write';
    is GET('/import', @ed)->{status}, 403, 'but not everything';
    is header(GET('/sign-in?to=/add', @ed), 'Location'), '/add', 'and is not asked twice';
    $answer = POST('/sign-out', {}, @ed);
    is $answer->{status}, 303, 'signing out';
    like header($answer, 'Set-Cookie'), qr/^bookshare_session=; Max-Age=0;/, 'the browser forgets';
    is POST('/add', { book_id => '!ED2', title => 'x' }, @ed)->{status}, 303, 'the old cookie';
};

topic 'the old cookie wrote nothing' => 1, sub { is stored('!ED2'), undef };

topic 'a stranger is led to the sign-in page, and back to this site only' => 35, sub {
    is header(GET('/add?page=2'), 'Location'), '/sign-in?to=%2Fadd%3Fpage%3D2', 'a page';
    is header(POST('/update/!ED', { title => 'x' }), 'Location'), '/sign-in?to=%2Fupdate%2F%21ED', 'a form';
    my $answer = POST('/update/!ED', { title => 'x' }, 'bookshare-form' => 'script');
    is $answer->{status}, 401, 'a form that a script sends stays';
    shows($answer, qr/Sign in in another tab/, 'and its reader learns why');
    $answer = POST('/api/books', '{}', 'content-type' => 'application/json');
    is $answer->{status}, 401, 'a program';
    is header($answer, 'WWW-Authenticate'), 'Bearer realm="Book Share"', 'learns how';
    is header($answer, 'Content-Type'), 'application/problem+json';

    my @foreign = ('/../x', '/..?x', '/list/.%2e/%2E%2e/x', '/./x', '//evil.example', 'https://evil.example/', '/\\evil.example', '\\\\evil.example', 'evil.example', "/\t/evil.example",
        "/a\nSet-Cookie: x=y", '/a b', 'javascript:alert(1)', '', '/' . 'x' x 9000);
    for my $to (@foreign) {
        is inputs(GET('/sign-in?to=' . escaped(substr $to, 0, 4000)), qr/sign-in/)->{to}, length $to > 4000 ? substr($to, 0, 4000) : '/',
            'the form: ' . substr $to, 0, 30;
    }
    for my $to (@foreign[0 .. 12]) {
        is header(sign_in('ed', password('ed'), to => $to), 'Location'), '/', "the answer: $to";
    }
};

# The processor time of all workers in nanoseconds: other than the time on the clock, it is hardly longer on a busy
# machine.
sub worker_time {
    my $sum = 0;
    for my $pid (workers()) {
        open my $in, '<', "/proc/$pid/schedstat" or die $!;
        $sum += (split ' ', readline $in)[0];
    }
    return $sum;
}

topic 'a wrong password and an unknown name look and cost the same' => 3, sub {
    my (@text, %took);
    my $ratio = 0;
    for my $round (1 .. 20) {
        for my $name (qw(ed nobody)) {
            forgive();
            my $before = worker_time();
            push @text, visible(sign_in($name, 'not the password'));
            $took{$name} += worker_time() - $before;
        }
        $ratio = $took{nobody} / $took{ed};
        last if $round >= 5 && $ratio > 0.8 && $ratio < 1.25;
    }
    is_deeply [grep { $_ ne $text[0] } @text], [], 'the same text';
    like $text[0], qr/The name or the password is wrong/;
    ok $ratio > 0.8 && $ratio < 1.25, 'in the same time' or diag "$ratio times";
};

# Sends a sign-in from another address of this machine.
sub sign_in_from {
    my ($address, $name, $password) = @_;
    return HTTP::Tiny->new(local_address => $address, max_redirect => 0)
        ->post_form($stack->url('/sign-in'), { name => $name, password => $password });
}

# Ends all waits, without forgiving anything.
sub wait_over { $stack->mysql('UPDATE people_attempts SET next_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND') }

topic 'attempts at one name are slowed, wherever they come from' => 14, sub {
    hold_waits();
    for my $name (qw(ed nobody)) {
        forgive();
        is_deeply [map { sign_in($name, "guess $_")->{status} } 1 .. 6], [(422) x 6], "$name: six guesses";
        my $answer = sign_in_from('127.0.0.9', $name, password($name));
        is $answer->{status}, 429, 'then even the right password has to wait, from any address';
        like $answer->{headers}{'retry-after'}, qr/^[1-9]\d*$/, 'it says how long';
        wait_over();
        is sign_in($name, 'guess 7')->{status}, 422, 'after the wait';
        is sign_in($name, 'guess 8')->{status}, 429, 'the next one is longer';
    }
    wait_over();
    is sign_in('ed', password('ed'))->{status}, 303, 'the right password';
    is sign_in('ed', 'guess')->{status}, 422, 'forgives';
    wait_over();
    release_waits();
    $stack->mysql("UPDATE people_attempts SET failures = 100");
    sign_in('nobody', 'guess');
    my ($wait) = map { $_->[0] } $stack->mysql(q{SELECT MAX(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), next_at)) FROM people_attempts});
    cmp_ok $wait, '>', 800, 'an address waits for minutes at most';
    cmp_ok $wait, '<=', 900;
};

topic 'attempts from one address are slowed, whatever the name' => 6, sub {
    forgive();
    hold_waits();
    my %status;
    $status{ sign_in_from('127.0.0.9', "nobody$_", 'guess')->{status} }++ for 1 .. 21;
    is_deeply \%status, { 422 => 21 };
    is sign_in_from('127.0.0.9', 'ed', password('ed'))->{status}, 429, 'then it has to wait';
    is sign_in_from('127.0.0.8', 'ed', password('ed'))->{status}, 303, 'another address has not';
    is sign_in('ed', password('ed'))->{status}, 303;
    forgive();
    my @status = map { sign_in_from('127.0.0.7', 'nobody', 'guess')->{status} } 1 .. 30;
    is_deeply \@status, [(422) x 6, (429) x 24], 'a name that has to wait';
    is sign_in_from('127.0.0.7', 'ed', password('ed'))->{status}, 303, 'does not stop the address';
    release_waits();
    forgive();
};

topic 'a session is new with each sign-in, and what is stored opens nothing' => 8, sub {
    my @mine    = signed_in('ed');
    my $planted = 'bookshare_session=' . 'A' x 43;
    my $answer  = POST('/sign-in', { name => 'ed', password => password('ed') }, cookie => $planted);
    isnt cookie($answer), $planted, 'a cookie that was planted before is not taken over';
    is GET('/add', cookie => $planted)->{status}, 303, 'and opens nothing';
    $answer = POST('/sign-in', { name => 'ed', password => password('ed') }, @mine);
    isnt cookie($answer), $mine[1], 'signing in again';
    is GET('/add', @mine)->{status}, 303, 'ends the session before';
    is GET('/add', cookie => cookie($answer))->{status}, 200;
    my ($secret) = cookie($answer) =~ /=(.*)/;
    my @hashes = map { $_->[0] } $stack->mysql('SELECT hash FROM people_keys');
    is_deeply [grep { $_ !~ /^[0-9a-f]{64}$/ } @hashes], [], 'the table holds hashes';
    is_deeply [grep { GET('/add', cookie => "bookshare_session=$_")->{status} != 303 } @hashes], [], 'which are no secrets';
    is_deeply [$stack->mysql("SELECT 1 FROM people_keys WHERE CONCAT_WS(' ', hash, about) LIKE '%$secret%'")], [];
};

topic 'a session ends in time' => 6, sub {
    my @ed = signed_in('ed');
    for (['used_at = UTC_TIMESTAMP() - INTERVAL 6 DAY', 200], ['used_at = UTC_TIMESTAMP() - INTERVAL 8 DAY', 303]) {
        $stack->mysql("UPDATE people_keys SET $_->[0]");
        is GET('/add', @ed)->{status}, $_->[1], $_->[0];
    }
    @ed = signed_in('ed');
    my ($left) = map { $_->[0] } $stack->mysql('SELECT TIMESTAMPDIFF(SECOND, made_at, ends_at) FROM people_keys ORDER BY number DESC LIMIT 1');
    is $left, 30 * 86400, 'a month at most';
    is GET('/add', @ed)->{status}, 200;
    $stack->mysql('UPDATE people_keys SET ends_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND');
    is GET('/add', @ed)->{status}, 303, 'after which it is over';
    signed_in('ed');
    is_deeply [$stack->mysql('SELECT COUNT(*) FROM people_keys')], [[1]], 'and forgotten';
};

# The number of sessions of ed by what is in about.
sub sessions_of_ed {
    return { map { @$_ } $stack->mysql(q{SELECT about, COUNT(*) FROM people_keys JOIN people USING (person) WHERE kind = 'session' AND name = 'ed' GROUP BY about}) };
}

topic 'a person keeps the newest 100 sessions, without those that are idle' => 5, sub {
    my $make = sub {
        my ($name, $kind, $about, $days, @numbers) = @_;
        $stack->mysql('INSERT INTO people_keys (kind, person, hash, about, made_at, used_at, ends_at) VALUES ' . join ', ', map {
            "('$kind', (SELECT person FROM people WHERE name = '$name'), SHA2('$name $kind $about $_', 256), '$about', UTC_TIMESTAMP(), "
                . "UTC_TIMESTAMP() - INTERVAL $days DAY, UTC_TIMESTAMP() + INTERVAL 9 DAY)"
        } @numbers);
    };
    $stack->mysql('DELETE FROM people_keys');
    $make->('ann', 'session', 'of ann', 8, 1 .. 2);
    $make->('ed', 'token',   'token', 8, 1 .. 2);
    $make->('ed', 'session', 'idle',  8, 1 .. 2);
    $make->('ed', 'session', 'oldest', 1, 1);
    $make->('ed', 'session', 'older',  1, 2 .. 99);
    my @ed = signed_in('ed');
    $stack->mysql("UPDATE people_keys SET about = 'new' WHERE about NOT IN ('of ann', 'token', 'idle', 'oldest', 'older')");
    is_deeply sessions_of_ed(), { oldest => 1, older => 98, new => 1 }, '100; the idle ones are gone';
    signed_in('ed');
    $stack->mysql("UPDATE people_keys SET about = 'new' WHERE about NOT IN ('of ann', 'token', 'idle', 'oldest', 'older')");
    is_deeply sessions_of_ed(), { older => 98, new => 2 }, 'one more ends the oldest';
    is GET('/add', @ed)->{status}, 200, 'the others go on';
    is_deeply [$stack->mysql("SELECT COUNT(*) FROM people_keys WHERE about = 'of ann'")], [[2]], 'those of others stay';
    is_deeply [$stack->mysql("SELECT COUNT(*) FROM people_keys WHERE about = 'token'")], [[2]], 'and so do tokens';
};

topic 'the account: sessions and the password' => 16, sub {
    $stack->mysql('DELETE FROM people_keys');
    is GET('/account')->{status}, 303, 'of nobody';
    my @here  = signed_in('ed');
    my @there = signed_in('ed');
    my @third = signed_in('ed');
    my $page  = GET('/account', @here);
    is $page->{status}, 200;
    is scalar(() = $page->{html} =~ /name="session"/g), 2, 'the others can be ended';
    my ($first) = $page->{html} =~ /name="session" value="(\d+)"/;
    my @ann = signed_in('ann');
    is POST('/account', { do => 'end', session => $first }, @ann)->{status}, 303, 'somebody else';
    is GET('/account', @third)->{status}, 200, 'cannot end it';
    POST('/account', { do => 'end', session => $first }, @here);
    is GET('/account', @third)->{status}, 303, 'its owner can';
    POST('/account', { do => 'end-others' }, @here);
    is join(' ', map { GET('/account', @$_)->{status} } \@here, \@there, \@ann), '200 303 200', 'or all others of their own';
    is POST('/account', { do => 'password', old => 'wrong', new => 'another secret' }, @here)->{status}, 422, 'the present password is asked for';
    my $short = POST('/account', { do => 'password', old => password('ed'), new => 'short' }, @here);
    is $short->{status}, 422, 'and a good new one';
    shows($short, qr/at least 10 characters/);
    @there = signed_in('ed');
    my $answer = POST('/account', { do => 'password', old => password('ed'), new => 'another secret' }, @here);
    is $answer->{status}, 303, 'then it changes';
    is join(' ', map { GET('/account', @$_)->{status} } \@here, \@there), '303 303', 'which ends all sessions';
    is GET('/account', cookie => cookie($answer))->{status}, 200, 'but a new one';
    is sign_in('ed', password('ed'))->{status}, 422, 'the old password is over';
    is sign_in('ed', 'another secret')->{status}, 303;
    is POST('/account', { do => 'dance' }, cookie => cookie($answer))->{status}, 400;
};

topic 'an admin manages people, who choose passwords by links that work once' => 30, sub {
    my @ann = signed_in('ann');
    is POST('/users', { name => 'zoë', role => 'king' }, @ann)->{status}, 422, 'no such role';
    my $refused = POST('/users', { name => 'a b', role => 'reader' }, @ann);
    is $refused->{status}, 422, 'no such name';
    shows($refused, qr/cannot contain blanks/, 'and why');
    is POST('/users', { name => '..', role => 'reader' }, @ann)->{status}, 422, 'nor this one, which has no page';
    is +($refused = POST('/users', { name => 'ed', role => 'reader' }, @ann))->{status}, 409, 'a name that is taken';
    shows($refused, qr/This name is taken/);
    my $page = POST('/users', { name => 'zoë', role => 'reader' }, @ann);
    my ($link) = $page->{html} =~ m{value="(http://[^"]*/invitation\?key=[\w-]{43})"} or die visible($page);
    my $host = $stack->url('');
    like $link, qr/^\Q$host\E/, 'a link to this site';
    my ($path) = $link =~ m{(/invitation.*)};
    shows(GET('/users', @ann), qr/zoë reader, no password yet/);
    is sign_in('zoë', '')->{status}, 422, 'an empty password is none';
    $page = GET($path);
    shows($page, qr/Welcome, zoë/, 'the page of the link');
    like $page->{html}, qr/<meta name="referrer" content="origin">.*?stylesheet/s, 'tells its address to nobody';
    my %form = %{ inputs($page, qr/invitation/) };
    is POST('/invitation', { %form, password => 'short' })->{status}, 422, 'a bad password';
    my $answer = POST('/invitation', { %form, password => 'sécret of zoë' });
    is $answer->{status}, 303, 'a good one';
    shows(GET('/account', cookie => cookie($answer)), qr/as zoë ?, with the role reader/, 'and zoë is signed in');
    is POST('/invitation', { %form, password => 'of somebody else' })->{status}, 404, 'the link is over';
    is GET($path)->{status}, 404;

    my @zoe = (cookie => cookie($answer));
    is POST('/users/zo%C3%AB', { do => 'role', role => 'editor' }, @zoe)->{status}, 403, 'nobody makes themselves an editor';
    is POST('/users/zo%C3%AB', { do => 'role', role => 'editor' }, @ann)->{status}, 303, 'an admin does';
    is GET('/add', @zoe)->{status}, 200, 'at once';

    my ($status, $out) = user('', 'invite', 'zoë');
    is $status, 0, 'another link, for a forgotten password';
    ($path) = $out =~ m{^(/invitation\?key=\S+)$};
    my ($newer) = (user('', 'invite', 'zoë'))[1] =~ m{^(/invitation\?key=\S+)$};
    is GET($path)->{status},  404, 'a newer one replaces it';
    is GET($newer)->{status}, 200;
    $stack->mysql("UPDATE people_keys SET ends_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE kind = 'invitation'");
    is GET($newer)->{status}, 404, 'and it ends';
    like +(cli({ BOOKSHARE_URL => 'https://books.example' }, 'user', 'invite', 'ann'))[1], qr{^https://books\.example/invitation\?key=[\w-]{43}$},
        'an address, if that of the site is known';

    is POST('/users/ann', { do => 'role', role => 'reader' }, @ann)->{status}, 409, 'admins cannot lock themselves out';
    is POST('/users/ann', { do => 'remove' }, @ann)->{status}, 409;
    is POST('/users/zo%C3%AB', { do => 'remove' }, @ann)->{status}, 303, 'somebody is removed';
    is GET('/add', @zoe)->{status}, 303, 'and their session is over';
    is GET('/users/zo%C3%AB', @ann)->{status}, 404;
    is_deeply [$stack->mysql("SELECT COUNT(*) FROM people_keys LEFT JOIN people USING (person) WHERE people.person IS NULL")], [[0]], 'nothing is left of them';
};

# Returns whether a worker has a text in its memory.
sub is_in_memory {
    no warnings 'portable';    # addresses have 64 bits
    my ($text) = @_;
    for my $pid (workers()) {
        open my $maps,   '<',     "/proc/$pid/maps" or die $!;
        open my $memory, '<:raw', "/proc/$pid/mem"  or die $!;
        while (my $line = readline $maps) {
            my ($from, $to) = $line =~ /^([0-9a-f]+)-([0-9a-f]+) rw.. \S+ \S+ 0/ or next;
            my $size = hex($to) - hex($from);
            next if $size > 1 << 30;    # where a sanitizer notes what is allocated
            sysseek $memory, hex $from, 0 or next;
            sysread $memory, my ($bytes), $size;
            return 1 if defined $bytes && index($bytes, $text) >= 0;
        }
    }
    return 0;
}

topic 'no password stays in the memory of a worker' => 9, sub {
    $stack->mysql('DELETE FROM people_keys');
    forgive();
    ok is_in_memory('bookshare_session'), 'memory can be read';
    is sign_in('ann', 'unforgettable-1')->{status}, 422;
    my @ann = signed_in('ann');
    is POST('/account', { do => 'password', old => 'unforgettable-2', new => 'unforgettable-3' }, @ann)->{status}, 422;
    is POST('/account', { do => 'password', old => password('ann'), new => 'unforgettable-4' }, @ann)->{status}, 303;
    is POST('/account', { do => 'password', old => 'unforgettable-5', new => 'x' }, @ann)->{status}, 303, 'a session that has ended';
    my (undef, $path) = user('', 'invite', 'ann');
    my ($key) = $path =~ /key=(\S+)/;
    is POST('/invitation', { key => $key, password => 'unforgettable-6' })->{status}, 303;
    is sign_in('ann', 'unforgettable-6', to => '/list?' . 'x' x 20_000)->{status}, 303, 'a form of several records';
    everywhere(sub { GET('/nope') });    # who answers has wiped what was sent before
    ok !is_in_memory('unforgettable-'), 'what was sent';
    ok !is_in_memory(password('ann') =~ s/ /+/gr), 'and what was right';
    (undef, $path) = user('', 'invite', 'ann');
    POST('/invitation', { key => $path =~ /key=(\S+)/, password => password('ann') });
};

topic 'no secret is in a log' => 3, sub {
    $stack->stop_pool;
    my $page = GET('/invitation?key=' . 'x' x 43);
    is $page->{status}, 503, 'a link is opened while no worker answers';
    is $page->{html} // $page->{content}, "Book Share is not available at the moment. Please open the link again in a minute.\n";
    $stack->start_pool;
    GET('/list?marker=1');
    wait_for('the log to be written', 10, sub { $stack->slurp($stack->dir . '/log/access.log') =~ /marker=1/ });
    my $logs = join '', map { $stack->slurp($stack->log($_)) } qw(worker nginx);
    $logs .= $stack->slurp($stack->dir . '/log/access.log');
    is join(' ', $logs =~ /(key=[\w-]+|password=\S+|another secret|secret of)/g), '';
};

topic 'other sites cannot send these forms' => 5, sub {
    my @ann = signed_in('ann');
    is POST($_, { name => 'ann', password => password('ann'), do => 'end-others' }, @ann, 'sec-fetch-site' => 'cross-site')->{status}, 403, $_
        for '/sign-in', '/sign-out', '/invitation', '/account', '/users';
};

run_topics;
