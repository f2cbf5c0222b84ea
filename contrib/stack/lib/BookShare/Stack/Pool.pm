package BookShare::Stack::Pool;

# The worker pool: spawn-fcgi binds the socket, and bookshare-pool keeps N workers running, each with its own
# supervisor. In a plain pool spawn-fcgi itself starts N workers without supervision.

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use IO::Socket::UNIX;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep);

use BookShare::Stack::Proc qw(birth parent program_name);

# The listen backlog: the kernel's maximum, 4096 on Linux.
my $BACKLOG = 4096;

sub name {'pool'}
sub log  { $_[0]->stack->log('worker') }

sub socket   { $_[0]->stack->socket('worker') }
sub is_plain { $_[0]->stack->{pool} eq 'plain' }
sub list     { $_[0]->stack->dir . '/workers.pid' }

sub prepare {
    my ($self) = @_;
    unlink $self->socket, $self->list;
    delete $self->{workers};
    return;
}

sub command {
    my ($self) = @_;
    my $stack  = $self->stack;
    my $worker = $stack->{worker} // $stack->program('bookshare-worker');
    -x $worker or die "$worker is missing: run make first\n";
    my @bind = ('spawn-fcgi', '-s', $self->socket, '-M', '0600', '-b', $BACKLOG);
    return $self->is_plain
        ? (@bind, '-F', $stack->{workers}, '-P', $self->list, '--', $worker)
        : (@bind, '-n', '--', $stack->script('bookshare-pool'), $stack->dir . '/pool', $stack->{workers}, $worker);
}

sub is_ready {
    my ($self) = @_;
    return 0 if $self->is_plain && !$self->{workers};
    return $self->workers == $self->stack->{workers} && IO::Socket::UNIX->new(Peer => $self->socket);
}

# Starts the workers of a plain pool: spawn-fcgi then exits; their process IDs are in its PID file.
sub spawn {
    my ($self) = @_;
    $self->SUPER::spawn;
    return if !$self->is_plain;
    waitpid delete $self->{pid}, 0;
    die 'The pool did not start; see ', $self->log, "\n" if $? != 0;
    $self->{workers} = { map { $_ => birth($_) } split ' ', $self->stack->read_file('workers.pid') };
    $self->stack->guard->watch($_) for keys %{ $self->{workers} };
    return;
}

# The process IDs of the workers. The parent of each is its supervisor, a child of bookshare-pool, which also briefly
# starts other programs; workers of a plain pool have no supervisor.
sub workers {
    my ($self) = @_;
    my $leader = $self->{pid} // $self->{remains} // 0;
    return grep { program_name($_) =~ /^bookshare-worke/ && parent(parent($_)) == $leader } $self->SUPER::pids if !$self->is_plain;
    my $birth = $self->{workers} // {};
    return grep { (birth($_) // '') eq ($birth->{$_} // '-') } sort { $a <=> $b } keys %$birth;
}

sub pids {
    my ($self) = @_;
    return $self->is_plain ? $self->workers : $self->SUPER::pids;
}

sub alive {
    my ($self) = @_;
    return $self->SUPER::alive if !$self->is_plain || $self->{pid};
    return $self->workers > 0;
}

sub signal {
    my ($self, $signal) = @_;
    return $self->is_plain && !$self->{pid} ? kill($signal, $self->workers) : $self->SUPER::signal($signal);
}

1;
