package BookShare::Bench::Stack;

# A stack with peers beside the pool: other servers that make a list page, each asked through the same nginx, with the
# very settings that the workers are asked with.
#
#     my $stack = BookShare::Bench::Stack->new(..., static => FOLDER);
#     $stack->add_peer($peer);               started at once; nginx knows it from its next start on
#     $stack->url('/bench/' . $peer->name);  its page; ?page=N
#     $stack->url('/bench/static/1.html');   a file of the folder

use v5.20;
use warnings;

use parent 'BookShare::Stack';

use BookShare::Bench::Nginx;

sub new {
    my ($class, %args) = @_;
    my $self = $class->SUPER::new(%args);
    $self->{peers} = [];
    $self->{part}{nginx} = BookShare::Bench::Nginx->new($self);
    return $self;
}

# A peer that does not start is none: dies with the reason.
sub add_peer {
    my ($self, $peer) = @_;
    $self->begin;
    push @{ $self->{peers} }, $peer;
    $peer->start;
    return;
}

sub peers { @{ $_[0]{peers} } }

# Each peer is stopped with the rest, by the guard if needed.
sub stop {
    my ($self) = @_;
    return if !$self->{guard} || $self->{owner} != $$;
    local ($?, $!, $@);
    $_->stop for splice @{ $self->{peers} };
    return $self->SUPER::stop;
}

1;
