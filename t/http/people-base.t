# Accounts below a base path: links, redirects and the cookie keep to it.

use v5.20;
use warnings;
use utf8;

use BookShare::FastCGI;
use BookShare::People;
use BookShare::Test;

my $base  = '/~user/books';
my $stack = stack(rows => 150, base => $base, page_files => 1, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');

topic 'the way in and back' => 8, sub {
    is header(GET('/add?page=2'), 'Location'), "$base/sign-in?to=%2Fadd%3Fpage%3D2", 'to the sign-in page';
    my $page = GET('/sign-in?to=%2Fadd%3Fpage%3D2');
    my ($form) = having($page, method => 'post');
    is $form->{action}, "$base/sign-in";
    is inputs($page, qr/sign-in/)->{to}, '/add?page=2';
    my $answer = sign_in('ann', password('ann'), to => '/add?page=2');
    is header($answer, 'Location'), "$base/add?page=2", 'back below the base path';
    like header($answer, 'Set-Cookie'), qr{; Path=\Q$base\E; HttpOnly; SameSite=Lax$}, 'the cookie is sent nowhere else';
    is header(sign_in('ann', password('ann'), to => '//evil.example'), 'Location'), "$base/", 'and nowhere else can one be led';
    is header(POST('/sign-out', {}, cookie => cookie($answer)), 'Location'), "$base/";
    is header(GET('/add', cookie => cookie($answer)), 'Location'), "$base/sign-in?to=%2Fadd";
};

topic 'links of people' => 4, sub {
    my @ann = signed_in('ann');
    my @outside;
    for my $path ('/', '/list', '/account', '/users', '/users/ann') {
        my $page = GET($path, @ann);
        push @outside, map {"$path: $_"} grep { m{^/} && !m{^\Q$base\E/} } hrefs($page), map { $_->{action} } having($page, method => 'post');
    }
    is_deeply \@outside, [], 'all of them keep to the base path';
    my $page = POST('/users', { name => 'new', role => 'reader' }, @ann);
    like $page->{html}, qr{value="http://[^/"]+\Q$base\E/invitation\?key=[\w-]+"}, 'an invitation, too';
    like +(user('', 'invite', 'new'))[1], qr{^\Q$base\E/invitation\?key=[\w-]+$}, 'and that of the command';
    my ($sign_in) = grep { $_->[1] eq 'Sign in' } links(GET('/list?page=2'));
    is $sign_in->[0], "$base/sign-in?to=%2Flist%3Fpage%3D2", 'the way back from a list page';
};

topic 'a session is not answered from a page file' => 2, sub {
    my @ann = signed_in('ann');
    wait_for('a page file', 10, sub { header(GET('/list?page=2'), 'Cache-Status') =~ /page-file/ });
    my $page = GET('/list?page=2', @ann);
    unlike header($page, 'Cache-Status'), qr/page-file/;
    shows($page, qr/\bEdit\b/);
};

topic 'with TLS the cookie has the prefix that allows a path' => 1, sub {
    my $worker = BookShare::FastCGI->new($stack->program('bookshare-worker'), $stack->dir . '/tls', $stack->log('worker'), $stack->env);
    my $answer = $worker->receive($worker->send(POST => "$base/sign-in", 'name=ann&password=' . escaped(password('ann')),
        CONTENT_TYPE => 'application/x-www-form-urlencoded', REQUEST_SCHEME => 'https'));
    like header($answer, 'Set-Cookie'), qr{^__Secure-bookshare_session=[\w-]{43}; Max-Age=\d+; Path=\Q$base\E; HttpOnly; SameSite=Lax; Secure$};
    $worker->signal('TERM');
    $worker->wait(10);
};

run_topics;
