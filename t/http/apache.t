# Apache, as shared hosts have it: .htaccess and bookshare.fcgi in a user's folder, below a base path and at the root, by
# mod_fcgid and mod_proxy_fcgi. It answers like nginx.

use v5.20;
use warnings;
use utf8;

use BookShare::Apache;
use BookShare::Crawler;
use BookShare::FastCGI;
use BookShare::OpenID;
use BookShare::Test;
use File::Path qw(make_path);
use File::Temp;
use MIME::Base64 qw(encode_base64);

plan skip_all => 'needs apache2-bin, libapache2-mod-auth-openidc and libapache2-mod-fcgid'
    if !$ENV{CI} && grep { !-e } '/usr/sbin/apache2', map {"/usr/lib/apache2/modules/mod_$_.so"} qw(auth_openidc fcgid);

# What docs/people.md tells to write into a virtual host for OpenID Connect.
my $recipe = do {
    open my $in, '<:encoding(UTF-8)', "$ENV{BOOKSHARE_SOURCE}/docs/people.md" or die "people.md: $!";
    join '', map {s/^ {4}//r} do { local $/; readline $in } =~ /^((?: {4}OIDC.*\n)+ {4}<Location.*\n(?: {4}.*\n)+)/m;
};

# The home of somebody who has unpacked Book Share there.
my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
chmod 0711, $place;
my $home = "$place/me";
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
my $said = `make -C '$ENV{BOOKSHARE_BUILD}' install DESTDIR='$place' prefix=/me/bookshare 2>&1`;
die $said if $?;
my $base = '/~me/books';
my %folder = (user => "$home/public_html/books", proxied => "$home/with blanks", root => "$home/root");
my %apart  = (slashes => "$home/slashes", basic => "$home/basic", openid => "$home/openid");    # these are for one topic each
make_path(values %folder, values %apart);
my $scratch = become_user("$place");

my $stack = stack(
    rows => 220, workers => 2, page_files => 1, base => $base, build => undef, scratch => $scratch, prefix => "$home/bookshare",
);

# Each folder has its own settings, outside of what Apache serves.
for my $name (keys %folder) {
    my %settings = $stack->env;
    $settings{BOOKSHARE_PAGE_FILES} = "$folder{$name}/pages";
    $settings{BOOKSHARE_SHARED} .= "-$name";
    $settings{BOOKSHARE_BASE} = '' if $name eq 'root';
    $stack->write_file("$name.settings", join '', map {"$_='$settings{$_}'\n"} grep { /^BOOKSHARE_/ && !/SETTINGS$/ } sort keys %settings);
    $stack->run_quietly($stack->script('bookshare-webconf'), 'apache', $folder{$name}, $stack->dir . "/$name.settings",
        $name eq 'proxied' ? $stack->socket('worker') : ());
}
symlink $stack->pages, "$folder{proxied}/pages" or die "symlink: $!";

# At the root, by mod_proxy_fcgi: a worker of its own; and where Apache knows the people.
my %at_root = ($stack->env, BOOKSHARE_BASE => '', BOOKSHARE_PAGE_FILES => '', BOOKSHARE_SHARED => $stack->dir . '/shared-apart');
for my $name (sort keys %apart) {
    my %settings = (%at_root, $name eq 'slashes' ? () : (BOOKSHARE_AUTH => 'web-server'));
    $stack->write_file("$name.settings", join '', map {"$_='$settings{$_}'\n"} grep { /^BOOKSHARE_/ && !/SETTINGS$/ } sort keys %settings);
    $stack->run_quietly($stack->script('bookshare-webconf'), 'apache', $apart{$name}, $stack->dir . "/$name.settings",
        $name eq 'slashes' ? $stack->dir . '/slashes.sock' : ());
}
$stack->write_file('people', join '', map { "$_:" . crypt("secret of $_", '$6$salt') . "\n" } qw(ed visitor));

my $apache  = BookShare::Apache->new($stack);
my $granted = "AllowOverride All\nRequire all granted";
my %port    = (
    user => $apache->site(qq{UserDir "$place/*/public_html"\n<Directory "$place/*/public_html">\nOptions SymLinksIfOwnerMatch\n$granted\n</Directory>}),
    proxied => $apache->site(qq{Alias $base "$folder{proxied}"\n<Directory "$folder{proxied}">\nOptions FollowSymLinks\n$granted\n</Directory>}),
    root    => $apache->site(qq{DocumentRoot "$folder{root}"\n<Directory "$folder{root}">\nOptions FollowSymLinks MultiViews Indexes\n$granted\n</Directory>}),
);
my @sites = sort keys %port;
my $dir   = $stack->dir;
$port{slashes} = $apache->site(qq{AllowEncodedSlashes NoDecode\nDocumentRoot "$apart{slashes}"\n<Directory "$apart{slashes}">\nOptions FollowSymLinks\n$granted\n</Directory>});
$port{basic}   = $apache->site(qq{DocumentRoot "$apart{basic}"\n<Directory "$apart{basic}">\nOptions FollowSymLinks\nAllowOverride All\nAuthType Basic\n}
        . qq{AuthName "Book Share"\nAuthBasicProvider file\nAuthUserFile "$dir/people"\nRequire valid-user\n</Directory>});
my $provider = BookShare::OpenID->new(secret => 'between Apache and the provider only');
$recipe =~ s/(?<=OIDCProviderMetadataURL ).*/$provider->metadata/e or die 'people.md: no metadata';
$recipe =~ s/(?<=OIDCClientSecret ).*/"$provider->{secret}"/ or die 'people.md: no secret';
$port{openid} = $apache->site(qq{DocumentRoot "$apart{openid}"\n<Directory "$apart{openid}">\nOptions FollowSymLinks\nAllowOverride All\n</Directory>\n$recipe});
$apache->start;

# Runs code with requests to a site behind Apache.
sub on {
    my ($name, $code) = @_;
    local @$stack{qw(port base)} = ($port{$name}, $name =~ /^(?:root|slashes|basic|openid)$/ ? '' : $base);
    return $code->();
}

# What is compared of an answer. Times and sources differ, and so do the links at the root.
sub facts {
    my ($answer) = @_;
    my %facts = (status => $answer->{status}, html => ($answer->{html} // '') =~ s/Data loaded from[^<]*|name="once" value="[^"]*"//gr);
    $facts{$_} = header($answer, $_) for qw(Content-Type Cache-Control Content-Encoding Content-Security-Policy Location Link Allow
        X-Content-Type-Options Referrer-Policy Retry-After Cache-Status);
    $facts{has} = join ' ', grep { header($answer, $_) ne '' } qw(ETag Last-Modified Set-Cookie);
    $facts{$_} =~ s/\Q$base\E//g for keys %facts;
    $facts{html} =~ s/ data-base=""//;
    return \%facts;
}

my %session = (cookie => 'bookshare_flash=added.0.!A');
my ($style) = map { s/^\Q$base\E//r } grep {/bookshare\.css/} map { $_->[1]{href} // () } tags(GET('/'));
my @requests = (
    ['home'             => sub { GET('/?x') }],
    ['list'             => sub { GET('/list?page=2&x') }],
    ['message'          => sub { GET('/list', %session) }],
    ['search'           => sub { GET('/list?search=the') }],
    ['form'             => sub { GET('/add') }],
    ['HEAD'             => sub { HEAD('/add') }],
    ['bad page'         => sub { GET('/list?page=0') }],
    ['unknown path'     => sub { GET('/nope') }],
    ['unknown JSON'     => sub { GET('/api/books/nope') }],
    ['not a script'     => sub { GET('/bookshare.fcgi') }],
    ['a folder'         => sub { GET('/static/') }],
    ['page file folder' => sub { GET('/pages/current/1.html') }],
    ['settings'         => sub { GET('/.htaccess.nope') }],
    ['wrong method'     => sub { request('PUT', '/list', 'x') }],
    ['search form'      => sub { POST('/list', { search => 'x y' }) }],
    ['bad input'        => sub { POST('/add', { book_id => '!X' }) }],
    ['cross-site'       => sub { POST('/add', {}, 'sec-fetch-site' => 'cross-site') }],
    ['too long'         => sub { POST('/add', 'x' x 70_000) }],
    ['wrong type'       => sub { POST('/add', 'x', 'content-type' => 'text/plain') }],
    ['API'              => sub { GET('/api/books?per_page=3') }],
    ['API, a book'      => sub { GET('/api/books/!H') }],
    ['export'           => sub { GET('/export.csv?search=the') }],
    ['style'            => sub { GET($style) }],
    ['style, gzip'      => sub { GET($style, 'accept-encoding' => 'gzip') }],
    ['script'           => sub { GET($style =~ s{css/bookshare.css}{js/view.js}r) }],
    ['no such file'     => sub { GET("$style.nope") }],
    ['write to a file'  => sub { POST($style, {}) }],
    ['description'      => sub { GET('/api/openapi.json', 'accept-encoding' => 'gzip') }],
    ['not gzip'         => sub { GET($style, 'accept-encoding' => 'gzip;q=0, br') }],
);

add_book(book_id => '!H', title => 'Here');
warm();

topic 'it answers like nginx' => @sites * @requests, sub {
    for (@requests) {
        my ($name, $ask) = @$_;
        my $expected = facts($ask->());
        is_deeply facts(on($_, $ask)), $expected, "$_: $name" for @sites;
    }
};

sub from_file { return header($_[0], 'Cache-Status') =~ /page-file/ }

sub file_of {
    my ($path, @headers) = @_;
    my $answer;
    wait_for("$path from a file", 15, sub { from_file($answer = GET($path, @headers)) });
    return $answer;
}

sub version_file {
    my $answer;
    wait_for('the version from a file', 15, sub { header($answer = GET('/api/version'), 'ETag') });
    return $answer;
}

topic 'Apache answers list pages from files, as nginx does' => 13 * @sites, sub {
    my $home  = file_of('/');
    my $nginx = file_of('/list?page=2');
    my $version = facts(version_file());
    for my $name (@sites) {
        on($name, sub {
            my $file = file_of('/list?page=2');
            is_deeply facts($file), facts($nginx), "$name: the same answer";
            is_deeply facts(file_of('/')), facts($home), 'also for the home page';
            is_deeply facts(version_file()), $version, 'and for the version';
            is header($file, 'Vary'), 'Accept-Encoding', 'Vary';
            is header($file, 'Server-Timing'), header($nginx, 'Server-Timing'), 'Server-Timing';
            my $etag = header($file, 'ETag') =~ s{^W/}{}r;    # Apache marks that of a file of the last second as weak
            my $again = GET('/list?page=2', 'if-none-match' => $etag);
            is "$again->{status} " . header($again, 'ETag') =~ s{^W/}{}r, "304 $etag", '304 to its ETag';
            my $small = file_of('/list?page=2', 'accept-encoding' => 'gzip');
            is header($small, 'Content-Encoding'), 'gzip', 'compressed';
            is GET('/list?page=2', 'accept-encoding' => 'gzip', 'if-none-match' => header($small, 'ETag'))->{status}, 304, 'and 304 to that ETag';
            is GET('/list?page=2', 'if-modified-since' => 'Fri, 01 Jan 2100 00:00:00 GMT')->{status}, 200, 'its day says nothing';
            ok from_file(HEAD('/list?page=2')), 'HEAD';
            ok !from_file(GET('/list?page=2', %session)), 'not with a message';
            ok !from_file(GET('/list?page=02')), 'nor for another spelling';
            is POST('/list?page=2', {})->{status}, 303, 'nor for a form';
        });
    }
};

topic 'no page is older than a change that was acknowledged' => 5 * @sites, sub {
    for my $name (@sites) {
        on($name, sub {
            my $old = file_of('/list');
            my $id  = "!-$name";
            my $added = POST('/add', { book_id => $id, title => 'New' });
            is header($added, 'Location'), "$stack->{base}/list#b-" . escaped($id), "$name: a book is added";
            my $page = GET('/list');
            is +(rows($page))[0][0], $id, 'the very next page has it';
            isnt header(file_of('/list'), 'ETag'), header($old, 'ETag'), 'and the next file has another ETag';
            is POST('/delete/' . escaped($id), {})->{status}, 303;
            isnt +(rows(GET('/list')))[0][0], $id, 'deleted, it is gone at once';
        });
    }
};

topic 'a page file that is withdrawn between the check and its opening is no error' => 6, sub {
    my $path = "$folder{user}/.htaccess";
    open my $in, '<', $path or die "$path: $!";
    my $whole = do { local $/; readline $in };
    my $blind = $whole =~ s/^RewriteCond "\S+" -f\n(?=RewriteRule \^\(\?:list\))//gmr;
    isnt $blind, $whole, 'without the check';
    rewrite($path, $blind);
    on('user', sub {
        for my $ask (sub { GET('/list?page=3') }, sub { GET('/list?page=3', 'accept-encoding' => 'gzip') }, sub { HEAD('/list?page=3') }) {
            unlink glob "$folder{user}/pages/current/3.html*";
            my $answer = $ask->();
            is $answer->{status}, 200, 'a worker answers';
        }
        unlink glob "$folder{user}/pages/current/3.html*";
        is scalar(rows(GET('/list?page=3'))), 21, 'with the page that was asked for';
        is GET('/list?page=77')->{status}, 404, 'if there is one';
    });
    rewrite($path, $whole);
};

sub rewrite {
    my ($path, $text) = @_;
    open my $out, '>', $path or die "$path: $!";
    print {$out} $text;
    return close $out;
}

topic 'pages of workers are validated, compressed or not' => 3 * @sites, sub {
    for my $name (@sites) {
        on($name, sub {
            my $plain = GET('/list?search=the');
            is GET('/list?search=the', 'if-none-match' => header($plain, 'ETag'))->{status}, 304, "$name: plain";
            my $small = GET('/list?search=the', 'accept-encoding' => 'gzip');
            is header($small, 'Content-Encoding'), 'gzip', 'compressed';
            is GET('/list?search=the', 'accept-encoding' => 'gzip', 'if-none-match' => header($small, 'ETag'))->{status}, 304, '304 to that ETag';
        });
    }
};

topic 'a conditional write of the API' => 2 * @sites, sub {
    for my $name (@sites) {
        on($name, sub {
            my $etag = header(GET('/api/books/!H', 'accept-encoding' => 'gzip'), 'ETag');
            my @json = ('content-type' => 'application/merge-patch+json');
            is request('PATCH', '/api/books/!H', '{"edition":"1"}', @json, 'if-match' => '"other"')->{status}, 412, "$name: another ETag";
            is request('PATCH', '/api/books/!H', qq({"edition":"$name"}), @json, 'if-match' => $etag)->{status}, 200, 'the right one';
        });
    }
};

# An upload of a file of this many bytes.
sub upload {
    my ($bytes) = @_;
    my $text = "book_id,title\n!UP,Uploaded\n";
    $text .= '!UP,' . ('x' x 60) . "\n" while length $text < $bytes;
    my $body = join "\r\n", '--b', 'Content-Disposition: form-data; name="mode"', '', 'check',
        '--b', 'Content-Disposition: form-data; name="file"; filename="a.csv"', 'Content-Type: text/csv', '', $text, '--b--', '';
    return request('POST', '/import', $body, 'content-type' => 'multipart/form-data; boundary=b');
}

topic 'uploads' => 9, sub {
    on('proxied', sub {
        is upload(3_000_000)->{status}, 200, 'mod_proxy_fcgi: 3 MB';
        is upload(5_000_000)->{status}, 413, 'more than Book Share takes';
    });
    on('user', sub {
        is upload(100_000)->{status}, 200, 'mod_fcgid: below its limit of 128 KB';
        my $large = upload(200_000);
        is $large->{status}, 413, 'beyond it';
        shows $large, qr/too large/i, 'with a page that says so';
        like header($large, 'Content-Type'), qr{^text/html};
        is_deeply [grep { !m{^\Q$base\E/} } map { $_->[1]{src} // $_->[1]{href} // () } tags($large)], [], 'and leads on';
        my $json = request('POST', '/api/books', '{"title":"' . 'x' x 200_000 . '"}', 'content-type' => 'application/json');
        is $json->{status}, 413, 'from a program';
        is header($json, 'Content-Type'), 'application/problem+json';
    });
};

topic 'every kind of page, file and form' => 2, sub {
    on('user', sub {
        my $crawler = BookShare::Crawler->new(address => $stack->url(''), most_parameters => 0, form_parameters => 0);
        $crawler->read_pages;
        $crawler->send_forms;
        is join("\n", $crawler->faults), '', 'no visitor gets an error';
        cmp_ok $crawler->count->{pages}, '>', 10;
    });
};

topic 'with AllowEncodedSlashes, IDs of all kinds work at the root' => 55, sub {
    my $worker = do {
        delete local @ENV{ grep {/^BOOKSHARE_/} keys %ENV };    # the test's own would be unknown settings
        BookShare::FastCGI->new($stack->program('bookshare-worker'), "$dir/slashes.sock", $stack->log('worker'),
            BOOKSHARE_SETTINGS => "$dir/slashes.settings");
    };
    on('slashes', sub {
        for my $id ('a/b', '/', '//', 'a//b', 'http://x.example/', 'a%b', '%2F', '%00', 'a?b', 'a#b', 'a b+c', 'a&b;c', '\\', '日本語', '...') {
            my $path = escaped($id);
            is POST('/add', { book_id => $id, title => "Title of $id" })->{status}, 303, "[$id] is added";
            last if !is +(GET("/update/$path"))->{status}, 200, 'its form';
            is +(GET("/api/books/$path"))->{status}, 200, 'the API';
        }
        my ($link) = grep {m{^/update/a%2Fb\b}} hrefs(GET('/list?search=' . escaped('id:"a/b"')));
        ok $link, 'it is on the list';
        is GET($link // '/none')->{status}, 200, 'whose link leads to it';
        is request('PUT', '/api/books/%2Fapi', '{"title":"x"}', 'content-type' => 'application/json')->{status}, 201, 'a program adds one';
        is request('DELETE', '/api/books/%2Fapi')->{status}, 204, 'and deletes it';
        $stack->mysql('DELETE FROM music WHERE title LIKE "Title of %"');
        is +(cli('cache', 'clear'))[0], 0;
        is GET('/static/..%2F..%2F.htaccess')->{status}, 404, 'no way to other files';
        is GET('/static%2F..%2Fbookshare.fcgi')->{status}, 404;
        is GET('/list%2F')->{status}, 404;
        is GET('/pages%2Fcurrent%2F1.html')->{status}, 404;
        is header(GET('/%2F%2Fevil.example'), 'Location'), '', 'nor to another host';
    });
    $worker->signal('TERM');
    $worker->wait(10);
};

topic 'Apache says who it is: Basic' => 9, sub {
    my $basic = sub { (authorization => 'Basic ' . encode_base64("$_[0]:" . ($_[1] // "secret of $_[0]"), '')) };
    is +(cli({ BOOKSHARE_AUTH => 'web-server' }, 'user', 'add', 'ed', '--role', 'editor'))[0], 0;
    on('basic', sub {
        is GET('/list')->{status}, 401, 'nobody';
        is GET('/list', $basic->('ed', 'guess'))->{status}, 401, 'a wrong password';
        shows(GET('/', $basic->('ed')), qr/\bed\b.*Add a book/, 'an editor');
        is POST('/add', { book_id => '!BASIC', title => 'x' }, $basic->('ed'))->{status}, 303, 'may write';
        is GET('/import', $basic->('ed'))->{status}, 403, 'but not everything';
        is GET('/add', $basic->('visitor'), 'remote-user' => 'ed', 'x-remote-user' => 'ed')->{status}, 403, 'a header of the client names nobody';
        is GET('/list', $basic->('visitor'))->{status}, 200, 'who is not in the table reads';
    });
    is +($stack->mysql('SELECT actor FROM music_changes ORDER BY version DESC LIMIT 1'))[0][0], 'ed', 'the log has the name';
};

# The headers of requests by somebody whom the provider has signed in, or what Apache said.
sub signed_in_by_provider {
    my ($person) = @_;
    my $asked = GET('/list?page=2', accept => 'text/html');
    my $back  = $provider->sign_in(header($asked, 'Location'), $person) =~ s{^http://[^/]+}{}r;
    my $entered = GET($back, cookie => header($asked, 'Set-Cookie') =~ s/;.*//r);
    return $entered if $entered->{status} != 302;
    like header($entered, 'Location'), qr{/list\?page=2$}, "$person comes back to the page";
    my ($session) = header($entered, 'Set-Cookie') =~ /(mod_auth_openidc_session=[^;]+)/;
    return (cookie => $session // 'none=');
}

topic 'Apache says who it is: OpenID Connect' => 13, sub {
    on('openid', sub {
        my $asked = GET('/list', accept => 'text/html');
        is $asked->{status}, 302, 'nobody';
        like header($asked, 'Location'), qr{^\Q$provider->{address}\E/authorize\?}, 'is sent to the provider';
        my @ed = signed_in_by_provider('ed');
        shows(GET('/', @ed), qr/\bed\b.*Add a book/, 'an editor');
        is POST('/add', { book_id => '!OPENID', title => 'x' }, @ed)->{status}, 303, 'may write';
        is GET('/import', @ed)->{status}, 403, 'but not everything';
        my @visitor = signed_in_by_provider('visitor');
        is GET('/list', @visitor)->{status}, 200, 'who is not in the table reads';
        is GET('/add', @visitor, 'remote-user' => 'ed', 'x-remote-user' => 'ed', 'oidc-claim-preferred-username' => 'ed')->{status}, 403,
            'a header of the client names nobody';
        is GET('/add', cookie => 'mod_auth_openidc_session=ed', accept => 'text/html')->{status}, 302, 'nor does a made-up session';
        my ($refused) = signed_in_by_provider('mallory');
        unlike $refused->{html}, qr/Book Share/, 'nor a token that somebody else has signed';
        is header($refused, 'Set-Cookie') =~ /session=/, '', 'which starts no session';
    });
    is +($stack->mysql('SELECT actor FROM music_changes ORDER BY version DESC LIMIT 1'))[0][0], 'ed', 'the log has the name';
};

topic 'a worker started as plain CGI says what is missing' => 2, sub {
    local %ENV = ($stack->env, GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET', REQUEST_URI => '/', PATH => $ENV{PATH});
    my ($status, $out) = $stack->run_program('', $stack->program('bookshare-worker'));
    like $out, qr/^Status: 500 .*\r\n(?:.+\r\n)*\r\n.*FastCGI/, 'in an answer';
    isnt $status, 0;
};

topic 'when Apache ends its workers, no page file is left that nobody keeps up to date' => 2, sub {
    on('user', sub { file_of('/list') });
    $apache->stop;
    ok !-l "$folder{user}/pages/current";
    ok !-l "$folder{root}/pages/current";
    $apache->start;
};

topic 'it ends' => 1, sub { $apache->stop; ok !$apache->alive };

run_topics;
