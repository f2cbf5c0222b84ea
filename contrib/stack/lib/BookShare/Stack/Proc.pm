package BookShare::Stack::Proc;

# Information about processes from Linux. A process ID alone does not identify a process, since IDs are reused; an ID
# and a start time do.

use v5.20;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(birth parent program_name group_members is_running open_files_limit);

# Name, state, parent, process group and start time of a process; nothing if it does not exist.
sub status {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return;
    my $line = readline($file) // return;
    my ($name, $rest) = $line =~ /\((.*)\) (.*)/s or return;
    my @field = split ' ', $rest;
    return { name => $name, state => $field[0], parent => $field[1], group => $field[2], birth => $field[19] };
}

sub parent {
    my $status = status(@_) or return 0;
    return $status->{parent};
}

# The first 15 bytes of the name of a process's program; '' if it does not exist.
sub program_name {
    my $status = status(@_) or return '';
    return $status->{name};
}

# The start time of the process, in clock ticks since boot; nothing if it has exited.
sub birth {
    my $status = status(@_) or return;
    return if $status->{state} =~ /[ZX]/;
    return $status->{birth};
}

# The running processes of a group, oldest first.
sub group_members {
    my ($group) = @_;
    opendir my $proc, '/proc' or return;
    my %birth;
    for my $pid (grep { /^\d+$/ } readdir $proc) {
        my $status = status($pid) or next;
        $birth{$pid} = $status->{birth} if $status->{group} == $group && $status->{state} !~ /[ZX]/;
    }
    return sort { $birth{$a} <=> $birth{$b} || $a <=> $b } keys %birth;
}

# Returns whether any thread of a process can run: none can once a signal has stopped it, or if it has exited.
sub is_running {
    my ($pid) = @_;
    for my $stat (glob "/proc/$pid/task/*/stat") {
        open my $file, '<', $stat or next;
        my $line = readline($file) // next;
        return 1 if $line !~ /^.*\) [TtZX] /s;
    }
    return 0;
}

# The limit of open files of a process, at most this many.
sub open_files_limit {
    my ($most) = @_;
    open my $file, '<', '/proc/self/limits' or return 1024;
    my ($hard) = map { /^Max open files\s+\d+\s+(\d+)/ ? $1 : () } readline $file;
    return $hard && $hard < $most ? $hard : $most;
}

1;
