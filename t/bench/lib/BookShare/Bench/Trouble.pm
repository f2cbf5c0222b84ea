package BookShare::Bench::Trouble;

# Makes workers end while they are asked for pages, as operators and the kernel do.
#
#     my $trouble = BookShare::Bench::Trouble->new($stack);
#     my $tick = $trouble->restart;      to be called repeatedly: stops each worker in turn
#     my $tick = $trouble->kill_idle;    the same: each is killed at a moment when it has no request in hand
#     $trouble->count;                   how many ended so since the last of these calls
#     $trouble->wait_for_all;            waits until those that ended have been replaced; dies if they aren't
#     $trouble->settle;                  and until all may end again
#
# A worker that ended before it was a second old is replaced a second later: so none ends younger than that.

use v5.20;
use warnings;

use Time::HiRes qw(sleep time);

use BookShare::Stack::Proc;

my $LEAST_AGE = 1.2;     # seconds
my $PAUSE     = 0.5;     # seconds between two ends

sub new {
    my ($class, $stack) = @_;
    my $self = bless { stack => $stack, seen => {}, count => 0, tries => 0 }, $class;
    $self->look;
    return $self;
}

sub count { $_[0]{count} }

# Looks which workers there are, and notes when each was first seen. Returns how many.
sub look {
    my ($self) = @_;
    my @pids = $self->{stack}->pids('worker');
    my %now  = map { $_ => $self->{seen}{$_} // time } @pids;
    $self->{seen} = \%now;
    return scalar @pids;
}

# The workers that may end, the eldest first.
sub old {
    my ($self) = @_;
    my $seen = $self->{seen};
    my @old  = sort { $seen->{$a} <=> $seen->{$b} } grep { time - $seen->{$_} >= $LEAST_AGE } keys %$seen;
    return @old;
}

sub settle {
    my ($self) = @_;
    $self->wait_for_all;
    for (my $end = time + 30; $self->old < $self->{stack}{workers}; sleep 0.2) {
        die "workers keep ending on their own\n" if time > $end;
        $self->look;
    }
    return;
}

sub wait_for_all {
    my ($self) = @_;
    for (my $end = time + 10; $self->look < $self->{stack}{workers}; sleep 0.1) {
        die "the pool has lost a worker for good\n" if time > $end;
    }
    return;
}

# Code that ends one worker after the other, by code that takes a number and says whether it ended that one.
sub in_turn {
    my ($self, $end_one) = @_;
    my $next = time;
    @$self{qw(count tries)} = (0, 0);
    return sub {
        return if time < $next;
        $self->look if !$self->old || time > $next + 0.2;
        my ($pid) = $self->old;
        if (!defined $pid) {
            $next = time + 0.2;
        }
        elsif ($end_one->($pid)) {
            delete $self->{seen}{$pid};
            $self->{count}++;
            $next = time + $PAUSE;
        }
        else {
            $self->{seen}{$pid} += 0.001;    # another one's turn
        }
    };
}

sub restart {
    my ($self) = @_;
    my $n = 0;
    return $self->in_turn(sub { kill $n++ % 2 ? 'USR1' : 'TERM', $_[0]; return 1 });
}

sub kill_idle {
    my ($self) = @_;
    return $self->in_turn(sub {
        my ($pid) = @_;
        kill 'STOP', $pid or return 1;
        my $is_idle = $self->is_stopped($pid) && !$self->has_request($pid);
        kill $is_idle ? 'KILL' : 'CONT', $pid;
        $self->{tries}++;
        return $is_idle;
    });
}

sub tries { $_[0]{tries} }

# Waits until a process that was sent SIGSTOP stands still.
sub is_stopped {
    my ($self, $pid) = @_;
    for (1 .. 1000) {
        my $status = BookShare::Stack::Proc::status($pid) or return 0;
        return 1 if $status->{state} eq 'T';
        sleep 0.0001;
    }
    return 0;
}

# Returns whether a worker holds a connection that it has accepted: a connected socket of the pool's address.
sub has_request {
    my ($self, $pid) = @_;
    my $address = $self->{stack}->socket('worker');
    my %is_request;
    open my $sockets, '<', '/proc/net/unix' or die "/proc/net/unix: $!\n";
    while (my $line = readline $sockets) {
        my ($state, $inode, $path) = (split ' ', $line)[5 .. 7];
        $is_request{$inode} = 1 if defined $path && $path eq $address && $state eq '03';
    }
    my @requests = grep { (readlink($_) // '') =~ /^socket:\[(\d+)\]$/ && $is_request{$1} } glob "/proc/$pid/fd/*";
    return scalar @requests;
}

1;
