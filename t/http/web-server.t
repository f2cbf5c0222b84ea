# BOOKSHARE_AUTH=web-server: nginx says who is there, by auth_basic and by auth_request, and nobody else can.

use v5.20;
use warnings;
use utf8;

use MIME::Base64 qw(encode_base64);

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 120, page_files => 1, start => 0, env => { BOOKSHARE_AUTH => 'web-server' });
people_of($stack);
my $dir = $stack->dir;

# The recipes of docs/people.md.
my $basic = qq{
    auth_basic "Book Share";
    auth_basic_user_file "$dir/users";
    set \$bookshare_user \$remote_user;
};
my $request = q{
    auth_request /auth;
    auth_request_set $bookshare_user $upstream_http_x_user;
    location = /auth {
        internal;
        auth_request off;
        fastcgi_pass_request_body off;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_pass http://127.0.0.1:PORT/;
    }
};

sub nginx {
    my ($lines) = @_;
    $stack->stop_nginx;
    $stack->{nginx} = $lines;
    $stack->start_nginx;
    return;
}

sub basic { my ($name) = @_; return (authorization => 'Basic ' . encode_base64("$name:" . password($name), '')) }

topic 'nginx checks names and passwords' => 11, sub {
    $stack->write_file('users', join '', map {"$_:{PLAIN}" . password($_) . "\n"} qw(ann ed visitor));
    chmod 0644, "$dir/users";
    $stack->{nginx} = $basic;
    $stack->start;
    is +(user('', 'add', 'ann', '--role', 'admin'))[0], 0, 'no password is asked for';
    is +(user('', 'add', 'ed', '--role', 'editor'))[0], 0;
    is GET('/list')->{status}, 401, 'nobody';
    is GET('/list', authorization => 'Basic ' . encode_base64('ann:guess', ''))->{status}, 401, 'a wrong password';
    shows(GET('/', basic('ed')), qr/\bed\b.*Add a book/, 'an editor');
    is POST('/add', { book_id => '!ED', title => 'By Ed' }, basic('ed'))->{status}, 303, 'may write';
    is GET('/import', basic('ed'))->{status},  403, 'but not everything';
    is GET('/import', basic('ann'))->{status}, 200, 'an admin may';
    my $page = GET('/add', basic('visitor'));
    is $page->{status}, 403, 'who is not in the table';
    shows($page, qr/This needs the role of an editor\. visitor has none\./);
    is GET('/list', basic('visitor'))->{status}, 200, 'reads like strangers';
};

topic 'pages differ by person, and no file has one' => 4, sub {
    GET('/list', basic($_)) for qw(ed visitor ed);
    shows(GET('/list', basic('ed')), qr/\bEdit\b/);
    unlike visible(GET('/list', basic('visitor'))), qr/\bEdit\b/;
    is header(GET('/list', basic('ed')), 'Cache-Control'), 'private, no-cache';
    ok !-e $stack->pages . '/current';
};

topic 'there are no accounts then' => 4, sub {
    is GET($_, basic('ann'))->{status}, 404, $_ for '/sign-in', '/account', '/users', '/invitation';
};

topic 'a header of the client names nobody' => 6, sub {
    nginx('');
    for my $header ('remote-user', 'remote_user', 'x-remote-user', 'REMOTE-USER') {
        is GET('/add', $header => 'ann')->{status}, 401, $header;
    }
    is GET('/add', basic('ann'))->{status}, 401, 'nor do unchecked credentials';
    is GET('/add', cookie => 'bookshare_session=' . 'A' x 43)->{status}, 401, 'nor a session';
};

topic 'auth_request: another server says who it is' => 5, sub {
    my $answers = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 5) or die $@;
    my $port    = $answers->sockport;
    my $pid     = fork // die;
    if (!$pid) {
        while (my $client = $answers->accept) {
            my ($cookie) = '';
            while (my $line = readline $client) {
                $cookie = $1 if $line =~ /^cookie: .*sso=(\w+)/i;
                last if $line eq "\r\n";
            }
            print {$client} "HTTP/1.0 ", $cookie ? "204 No Content\r\nX-User: $cookie" : '401 Unauthorized', "\r\nContent-Length: 0\r\n\r\n";
            close $client;
        }
        POSIX::_exit(0);
    }
    nginx($request =~ s/PORT/$port/r);
    is GET('/list')->{status}, 401, 'nobody';
    shows(GET('/', cookie => 'sso=ed'), qr/\bed\b.*Add a book/, 'an editor');
    is GET('/import', cookie => 'sso=ann')->{status}, 200, 'an admin';
    is GET('/import', cookie => 'sso=ed', 'x-user' => 'ann')->{status}, 403, 'its header counts, not that of the client';
    is GET('/add', cookie => 'sso=visitor')->{status}, 403, 'nobody in particular';
    kill 'KILL', $pid;
    waitpid $pid, 0;
};

run_topics;
