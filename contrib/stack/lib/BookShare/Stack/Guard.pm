package BookShare::Stack::Guard;

# Ensures that nothing outlives the launcher, even after SIGKILL. The guard is a process in a separate session that
# reads from a pipe; only the launcher has the writing end. When the launcher exits for any reason, the pipe closes, and
# the guard stops the remaining registered processes.

use v5.20;
use warnings;

use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(birth);

# The time that a process has to exit before it is killed. MySQL must write its pages.
my $GRACE = 30;

sub new {
    my ($class) = @_;
    pipe my $read, my $write or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        close $write;
        eval { stand_by($read) };
        POSIX::_exit(0);
    }
    $write->autoflush(1);
    return bless { pid => $pid, pipe => $write }, $class;
}

# Registers a process, the leader of its group.
sub watch {
    my ($self, $pid) = @_;
    my $birth = birth($pid) or return;
    local $SIG{PIPE} = 'IGNORE';
    print { $self->{pipe} } "$pid $birth\n";
    return;
}

# Ends the guard when nothing is left to stop.
sub release {
    my ($self) = @_;
    local $SIG{PIPE} = 'IGNORE';
    print { $self->{pipe} } "done\n";
    close delete $self->{pipe};
    waitpid $self->{pid}, 0;
    return;
}

sub stand_by {
    my ($read) = @_;
    POSIX::setsid();
    $0 = 'bookshare: guard of a stack';
    $SIG{$_} = 'IGNORE' for qw(INT TERM HUP QUIT PIPE);
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    chdir '/';

    my %birth;
    while (my $line = readline $read) {
        my ($pid, $birth) = split ' ', $line;
        return if $pid eq 'done';
        $birth{$pid} = $birth;
    }
    my $left = sub {
        return grep { (birth($_) // '') eq $birth{$_} } keys %birth;
    };
    # Signal only the leader: it stops its group and does not restart anything meanwhile.
    for (my $end = time + patience($GRACE); $left->() && time < $end; sleep 0.2) {
        kill 'TERM', $left->();
        kill 'CONT', map { -$_ } $left->();
    }
    # A reused process ID no longer belongs to one of our groups.
    kill 'KILL', map { -$_ } grep { (birth($_) // $birth{$_}) eq $birth{$_} } keys %birth;
    return;
}

1;
