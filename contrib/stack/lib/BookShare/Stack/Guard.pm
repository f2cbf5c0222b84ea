package BookShare::Stack::Guard;

# Sees to it that nothing outlives the launcher, even one that is killed with SIGKILL: a process of its own session,
# with the reading end of a pipe whose writing end only the launcher has. When the launcher ends, however it ends, the
# pipe does too, and the guard stops what was named to it and is still there.

use v5.20;
use warnings;

use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(birth);

# How long what is told to end may take to, before it is killed. MySQL has pages to write.
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

# Names a process, the leader of its group.
sub watch {
    my ($self, $pid) = @_;
    my $birth = birth($pid) or return;
    local $SIG{PIPE} = 'IGNORE';
    print { $self->{pipe} } "$pid $birth\n";
    return;
}

# Ends the guard when nothing is left to look after.
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
    # The leader alone is told: it tells its group, and starts nobody again meanwhile.
    for (my $end = time + patience($GRACE); $left->() && time < $end; sleep 0.2) {
        kill 'TERM', $left->();
        kill 'CONT', map { -$_ } $left->();
    }
    # A number that is somebody else's by now was no longer in use by a group of ours.
    kill 'KILL', map { -$_ } grep { (birth($_) // $birth{$_}) eq $birth{$_} } keys %birth;
    return;
}

1;
