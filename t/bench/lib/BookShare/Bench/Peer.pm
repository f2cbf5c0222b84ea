package BookShare::Bench::Peer;

# A server that the benchmark measures beside Book Share. Each is a service (BookShare::Stack::Service), and says
#     name        part of its address, and of the name of its log
#     label       what it is called in the report
#     missing     the Debian packages that it lacks here; nothing if it can be started
#     is_fastcgi  whether nginx asks it on socket; otherwise url is its address
#     parameters  FastCGI parameters in addition to those of the workers

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use IO::Socket::UNIX;

sub new {
    my ($class, $stack, %args) = @_;
    my $self = $class->SUPER::new($stack);
    $self->{$_} = $args{$_} for keys %args;
    return $self;
}

sub log        { $_[0]->stack->log($_[0]->name) }
sub missing    { }
sub is_fastcgi {1}
sub parameters { }
sub socket     { $_[0]->stack->socket($_[0]->name) }
sub url        { my ($self, $query) = @_; return $self->stack->url('/bench/' . $self->name . $query) }

sub is_ready { defined IO::Socket::UNIX->new(Peer => $_[0]->socket) }

# The full path of a program; nothing if it isn't there.
sub program {
    my ($self, @names) = @_;
    my @folders = split /:/, $ENV{PATH};
    for my $name (@names) {
        my ($found) = grep { -f && -x } map { glob "$_/$name" } @folders;
        return $found if defined $found;
    }
    return;
}

1;
