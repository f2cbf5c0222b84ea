# The recipes of docs/recipes.md for nginx: TLS, a proxy in front, and a second site in one nginx.

use v5.20;
use warnings;
use utf8;

use BookShare::FastCGI;
use BookShare::Front;
use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 120, workers => 2, page_files => 1, start => 0, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
my $dir = $stack->dir;
my $own_port;

# Starts the nginx of the stack with these lines in its server block, and another one that passes requests to it.
sub begin {
    my ($lines, $pass) = @_;
    $stack->{nginx} = $lines;
    $own_port ? $stack->start_nginx : $stack->start;
    $own_port = $stack->port;
    return in_front($stack, $pass);
}

sub origin { my ($scheme) = @_; return (origin => $stack->url('') =~ s/^http/$scheme/r) }

# What holds wherever the browser uses TLS.
sub browser_has_tls {
    my $answer = sign_in('ed', password('ed'));
    like header($answer, 'Set-Cookie'), qr/^__Host-bookshare_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/, 'the cookie';
    my @ed = (cookie => cookie($answer));
    is GET('/add', @ed)->{status}, 200, 'is known';
    is GET('/add', cookie => $ed[1] =~ s/^__Host-//r)->{status}, 303, 'not under a name that others could plant';
    my $form = { book_id => '!TLS', title => 'x' };
    is POST('/add', $form, @ed, origin('http'))->{status},  403, 'a form of a page without TLS';
    is POST('/add', $form, @ed, origin('https'))->{status}, 303, 'a form of this site';
    is POST('/delete/!TLS', {}, @ed, 'sec-fetch-site' => 'same-origin')->{status}, 303;
    my $page = POST('/users', { name => 'new', role => 'reader' }, signed_in('ann'));
    like $page->{html}, qr{value="https://127\.0\.0\.1:\d+/invitation\?key=[\w-]+"}, 'the link of an invitation';
    is +(user('', 'remove', 'new'))[0], 0;
    like header(POST('/sign-out', {}, @ed), 'Set-Cookie'), qr/^__Host-bookshare_session=; Max-Age=0; .*; Secure$/, 'signing out';
    is GET('/add', @ed)->{status}, 303, 'ends it';
    return;
}

topic 'TLS' => 21, sub {
    my $front = begin(tls($stack));
    add_person('ed',  'editor');
    add_person('ann', 'admin');
    browser_has_tls();
    my $style = (grep {/bookshare\.css/} map { $_->[1]{href} // () } tags(GET('/')))[0];
    wait_for('a page file', 10, sub { header(GET('/list?page=2'), 'Cache-Status') =~ /page-file/ });
    for ('/', '/list?page=2', '/list?page=2&x', $style, '/static/openapi.json', '/api/openapi.json', '/api/books', '/export.csv', '/nope', '/invitation') {
        is header(GET($_), 'Strict-Transport-Security'), 'max-age=31536000', "no way back to HTTP: $_";
    }
    my $refused = POST('/add', 'x' x 200_000);
    is "$refused->{status} " . header($refused, 'Strict-Transport-Security'), '413 max-age=31536000', 'nor with an error of nginx';
    $front->stop;
    $stack->stop_nginx;
    $stack->{port} = $own_port;
};

topic 'a proxy in front that takes TLS off' => 14, sub {
    my $front = begin('set $bookshare_scheme https; set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;',
        "proxy_pass http://127.0.0.1:$own_port; proxy_set_header X-Forwarded-For \$http_x_client;");
    browser_has_tls();
    is header(GET('/'), 'Strict-Transport-Security'), '', 'HSTS is up to the proxy';
    $stack->mysql('DELETE FROM people_attempts');
    is POST('/sign-in', { name => 'ed', password => 'guess' }, 'x-client' => "192.0.2.$_")->{status}, 422 for 1, 2;
    is_deeply [$stack->mysql('SELECT COUNT(*) FROM people_attempts')], [[3]], 'attempts count for the address of each client, and the name';
    $front->stop;
    $stack->{port} = $own_port;
};

topic 'two sites in one nginx' => 14, sub {
    my %second = ($stack->env, BOOKSHARE_AUTH => 'open', BOOKSHARE_BASE => '/two', BOOKSHARE_PAGE_FILES => "$dir/pages-two",
        BOOKSHARE_SHARED => "$dir/shared-two", BOOKSHARE_CACHE_PREFIX => '{two}');
    my $worker = BookShare::FastCGI->new($stack->program('bookshare-worker'), "$dir/two.sock", $stack->log('worker'), %second);
    $stack->run_quietly($stack->script('bookshare-webconf'), 'nginx', "$dir/web", '',     $stack->static_root);
    $stack->run_quietly($stack->script('bookshare-webconf'), 'nginx', "$dir/two", '/two', $stack->static_root, 'second');
    for my $name ('', 'Second', '2nd', 'a-b', 'x' x 33) {
        my ($status, undef, $err) = $stack->run_program('', $stack->script('bookshare-webconf'), 'nginx', "$dir/three", '', $stack->static_root, $name);
        ok $status != 0 && $err =~ /name of (?:a|the) site/, "not a name: '$name'";
    }
    my $front = BookShare::Front->new($stack);
    my $port  = $front->port;
    my ($root, $pages, $socket) = ($stack->static_root, $stack->pages, $stack->socket('worker'));
    $front->lines(<<"END");
include "$dir/web/bookshare.map";
include "$dir/two/second.map";
upstream bookshare { server "unix:$socket"; }
upstream second { server "unix:$dir/two.sock"; }
server {
    listen 127.0.0.1:$port;
    root "$root";
    set \$bookshare_pages "$pages";
    set \$bookshare_limits on;
    include "$dir/web/bookshare.locations";
    set \$second_pages "$dir/pages-two";
    set \$second_limits on;
    include "$dir/two/second.locations";
}
END
    $front->start;
    my $open = qr/Everybody who can reach this site/;
    local $stack->{port} = $port;
    for my $site (['', 303, sub { unlike $_[0], $open, $_[1] }], ['/two', 200, sub { like $_[0], $open, $_[1] }]) {
        my ($base, $status, $foot) = @$site;
        local $stack->{base} = $base;
        my $page;
        ok wait_for('a page file', 10, sub { header($page = GET('/list?page=2'), 'Cache-Status') =~ /page-file/ }), "'$base': a page from its file";
        $foot->(visible($page), 'of this site');
        is GET('/add')->{status}, $status, 'which knows who may write';
        my ($style) = grep {/bookshare\.css/} map { $_->[1]{href} // () } tags(GET('/'));
        is +(request('GET', $style =~ s/^\Q$base\E//r))->{status}, 200, 'its style sheet';
    }
    is header(GET('/%zz'), 'Content-Security-Policy') =~ /default-src/, 1, 'errors of nginx';
    $front->stop;
    $worker->signal('TERM');
    $worker->wait(10);
};

run_topics;
