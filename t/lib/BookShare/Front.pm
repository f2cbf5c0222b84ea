package BookShare::Front;

# Another nginx, in front of that of a stack or beside it, with its files in the stack's folder.
#
#     my $front = BookShare::Front->new($stack);
#     my $port  = $front->port;
#     $front->lines("server { listen 127.0.0.1:$port; ... }");    # of the http block
#     $front->start;
#
#     my ($lines, $pass) = tls($stack);      # lines for the server block of the stack, and of one that passes requests to it
#     my $front = in_front($stack, $pass);   # requests of the test go through it from now on

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use Exporter 'import';
use IO::Socket::INET;

use BookShare::Stack::Nginx;

our @EXPORT = qw(in_front tls);

sub name {'front'}

sub port { return $_[0]{port} //= BookShare::Stack::Nginx::free_port() }

sub lines { my ($self, $lines) = @_; $self->{lines} = $lines; return }

sub folder { return $_[0]->stack->dir . '/front' }

sub prepare {
    my ($self) = @_;
    my $folder = $self->folder;
    mkdir $folder;
    my @temporary = map {"${_}_temp_path $folder/$_;"} qw(client_body proxy fastcgi uwsgi scgi);
    $self->stack->write_file('front/nginx.conf', join "\n", $> == 0 ? 'user root;' : (), 'daemon off;', "pid $folder/pid;", 'worker_processes 1;',
        'events {}', 'http {', 'access_log off;', @temporary, $self->{lines}, '}', '');
    return;
}

sub command { my ($self) = @_; return ('nginx', '-p', $self->folder . '/', '-c', $self->folder . '/nginx.conf', '-e', $self->log) }

sub is_ready { defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_[0]->port) }

# Puts another nginx in front of that of a stack.
sub in_front {
    my ($stack, $pass) = @_;
    my $self = __PACKAGE__->new($stack);
    my $port = $self->port;
    $self->lines("server { listen 127.0.0.1:$port; location / { $pass proxy_set_header Host \$http_host; } }");
    $self->start;
    $stack->{port} = $port;
    return $self;
}

# Makes a certificate that signs itself. The nginx in front checks it.
sub tls {
    my ($stack) = @_;
    my $port = BookShare::Stack::Nginx::free_port();
    my ($certificate, $key) = map { $stack->dir . "/tls.$_" } qw(pem key);
    mkdir $stack->dir;
    $stack->run_quietly(qw(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost
        -addext subjectAltName=DNS:localhost -out), $certificate, '-keyout', $key);
    return (
        qq{listen 127.0.0.1:$port ssl; ssl_certificate "$certificate"; ssl_certificate_key "$key"; set \$bookshare_hsts "max-age=31536000";},
        qq{proxy_pass https://127.0.0.1:$port; proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_trusted_certificate "$certificate";},
    );
}

1;
