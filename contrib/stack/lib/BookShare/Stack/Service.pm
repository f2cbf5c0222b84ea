package BookShare::Stack::Service;

# Base class of a part of a stack that is a process: MySQL, Redis, the worker pool, nginx. Each runs in its own process
# group, so that Ctrl-C only reaches the launcher, which then stops the parts in order.
#
# A part implements
#     name        mysql, redis, pool, nginx
#     prepare     writes its files
#     command     the program and its arguments
#     is_ready    returns whether it responds
# and optionally end_signal, grace (seconds to shut down) and about (product and version).

use v5.20;
use warnings;

use POSIX qw(WNOHANG);
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);

use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(birth group_members);

sub new {
    my ($class, $stack) = @_;
    my $self = bless { stack => $stack }, $class;
    weaken $self->{stack};
    return $self;
}

sub stack      { $_[0]{stack} }
sub log        { $_[0]{stack}->log($_[0]->name) }
sub prepare    { }
sub about      {''}
sub end_signal {'TERM'}
sub grace      {10}

# Starts the process; call wait_ready afterwards. Dies if it is already running.
sub spawn {
    my ($self) = @_;
    die $self->name, " is already running\n" if $self->alive;
    $self->clear_away;
    $self->prepare;
    my @command = $self->command;
    my %env     = $self->stack->env;
    my $pid     = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp 0, 0;
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP QUIT PIPE CHLD USR1 USR2);
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>>', $self->log;
        open STDERR, '>&', \*STDOUT;
        %ENV = (%ENV, %env);
        no warnings 'exec';
        exec { $command[0] } @command;
        print STDERR "$command[0]: $!\n";
        POSIX::_exit(127);
    }
    setpgrp $pid, $pid;    # in both processes, to avoid a race
    $self->{pid} = $pid;
    $self->stack->guard->watch($pid);
    return;
}

sub wait_ready {
    my ($self, $seconds) = @_;
    my $end = time + patience($seconds // 60);
    until ($self->is_ready) {
        $self->fail('exited immediately') if !$self->alive;
        $self->fail('does not respond') if time > $end;
        sleep 0.01;
    }
    return;
}

sub start {
    my ($self) = @_;
    $self->spawn;
    $self->wait_ready;
    return;
}

sub alive {
    my ($self) = @_;
    my $pid = $self->{pid} or return 0;
    return 1 if waitpid($pid, WNOHANG) == 0;
    delete $self->{pid};
    $self->{remains} = $pid;
    return 0;
}

# Sends a signal: those that cannot be caught to the whole group, others to its leader.
sub signal {
    my ($self, $signal) = @_;
    return if !$self->alive;
    return kill $signal, $signal =~ /^(SIG)?(KILL|STOP|CONT)$/ ? -$self->{pid} : $self->{pid};
}

# Stops the process and waits until it has exited. Repeats the signal, since a program that has just started may ignore
# it.
sub stop {
    my ($self) = @_;
    my $end  = time + patience($self->grace);
    my $tell = 0;
    while ($self->alive && time < $end) {
        if (time >= $tell) {
            $self->signal($_) for $self->end_signal, 'CONT';
            $tell = time + 0.5;
        }
        sleep 0.01;
    }
    $self->signal('KILL');
    sleep 0.01 while $self->alive;
    $self->clear_away;
    return;
}

# Kills the rest of a group whose leader has exited.
sub clear_away {
    my ($self) = @_;
    my $group = delete $self->{remains} or return;
    kill 'KILL', group_members($group);
    sleep 0.01 while group_members($group);
    return;
}

sub pids {
    my ($self) = @_;
    my $leader = $self->{pid} // $self->{remains} or return;
    return group_members($leader);
}

sub fail {
    my ($self, $what) = @_;
    my $log   = $self->log;
    my @lines = map {"$_\n"} split /\n/, -e $log ? $self->stack->slurp($log) : '';
    splice @lines, 0, -8 if @lines > 8;
    $self->stop;
    die join '', ucfirst $self->name, " $what. The end of its log, $log:\n", map {"    $_"} @lines;
}

1;
