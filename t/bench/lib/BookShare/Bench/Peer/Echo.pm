package BookShare::Bench::Peer::Echo;

# A bare FastCGI program (echo.c) in a pool like the workers', which answers with the bytes of a page.
# Takes: answer, a file with headers and content.

use v5.20;
use warnings;

use parent 'BookShare::Bench::Peer';

sub name  {'echo'}
sub label {'libfcgi, a bare echo'}

sub prepare {
    my ($self) = @_;
    unlink $self->socket;
    return;
}

sub command {
    my ($self) = @_;
    my $stack  = $self->stack;
    my $echo   = "$stack->{build}/t/bench/echo";
    -x $echo or die "$echo is missing: has it been built?\n";
    # Started like the workers in contrib/stack, with this program instead.
    my ($worker, $socket) = ($stack->program('bookshare-worker'), $stack->socket('worker'));
    return 'env', "ECHO_ANSWER=$self->{answer}", map { $_ eq $worker ? $echo : $_ eq $socket ? $self->socket : $_ }
        $stack->{part}{pool}->command;
}

1;
