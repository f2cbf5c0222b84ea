package BookShare::Stack::Redis;

# The private Redis or Valkey of a stack: no TCP port and no persistence, since a cache can always be rebuilt.

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use IO::Socket::UNIX;

use BookShare::Stack::Servers;

sub name {'redis'}

sub about { return BookShare::Stack::Servers::about('cache') }

sub socket { $_[0]->stack->socket('redis') }

sub url { 'unix://' . $_[0]->socket }

sub prepare {
    my ($self) = @_;
    my ($dir, $socket) = ($self->stack->dir, $self->socket);
    unlink $socket;
    $self->stack->write_file('redis.conf', <<"END");
port 0
unixsocket "$socket"
unixsocketperm 700
dir "$dir"
save ""
appendonly no
END
    return;
}

sub command { (BookShare::Stack::Servers::server('cache')->{program}, $_[0]->stack->dir . '/redis.conf') }

sub is_ready {
    my ($self) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $self->socket) or return 0;
    $socket->print("PING\r\n");
    return defined $socket->getline;
}

1;
