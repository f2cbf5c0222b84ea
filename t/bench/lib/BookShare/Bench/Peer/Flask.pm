package BookShare::Bench::Peer::Flask;

# A Flask application (peer/app.py) that does as the original of Book Share did: its own server on a port of 127.0.0.1.

use v5.20;
use warnings;

use parent 'BookShare::Bench::Peer';

use HTTP::Tiny;

use BookShare::Stack::Nginx;

sub name       {'flask'}
sub label      {'Flask, all books unpickled'}
sub is_fastcgi {0}
sub url        { my ($self, $query) = @_; return "http://127.0.0.1:$self->{port}/list$query" }

# Debian's own Python has Debian's packages; another one may come first on the path.
sub python {
    my ($self) = @_;
    my ($found) = grep { -x && system($_, '-c', 'import sys; sys.stderr = None; import flask, redis') == 0 }
        grep {defined} '/usr/bin/python3', $self->program('python3');
    return $found;
}

sub missing { my ($self) = @_; return defined $self->python ? () : ('python3-flask', 'python3-redis') }

sub prepare { my ($self) = @_; $self->{port} = BookShare::Stack::Nginx::free_port(); return }

sub command {
    my ($self) = @_;
    my $redis = $self->stack->socket('redis');
    return ($self->python, '-B', "$self->{folder}/app.py", $self->{port}, $redis, $self->{prefix});
}

sub is_ready {
    my ($self) = @_;
    return defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port});
}

1;
