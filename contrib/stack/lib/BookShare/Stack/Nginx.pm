package BookShare::Stack::Nginx;

# The private nginx of a stack, on one port of 127.0.0.1, with all its files in the stack's folder.

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use IO::Socket::INET;

use BookShare::Stack::Proc qw(open_files_limit);

sub name {'nginx'}

sub grace {5}

sub prepare {
    my ($self) = @_;
    my $stack = $self->stack;
    my $web   = $stack->dir . '/web';
    $stack->run_quietly($stack->script('bookshare-webconf'), 'nginx', $web, $stack->base, $stack->static_root);
    my %value = (
        user      => $> == 0 ? 'user root;' : '',
        files     => open_files_limit(16384),
        socket    => $stack->socket('worker'),
        listen    => '127.0.0.1:' . $stack->port,
        hosts     => $stack->{hosts},
        root      => $stack->base eq '' ? $stack->static_root : "$web/empty",
        locations => "$web/bookshare.locations",
        map       => "$web/bookshare.map",
        pages     => $stack->pages,
        server    => $stack->{nginx},
        limits    => $stack->{limits} ? 'on' : 'off',
    );
    my $text = $stack->slurp($stack->shared_file('nginx/private.conf.in'));
    $text =~ s/\@(\w+)\@/$value{$1} \/\/ die "no $1 for nginx\n"/ge;
    $stack->write_file('nginx.conf', $text);
    mkdir $stack->dir . '/nginx';
    return;
}

sub command {
    my ($self) = @_;
    my $dir = $self->stack->dir;
    return ('nginx', '-p', "$dir/", '-c', "$dir/nginx.conf", '-e', $self->log);
}

sub is_ready { defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_[0]->stack->port) }

# Returns whether the port is free.
sub is_free {
    my ($port) = @_;
    return defined IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1, ReuseAddr => 1);
}

# Returns a port that is free now.
sub free_port {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1) or die "no port: $@\n";
    return $socket->sockport;
}

1;
