package BookShare::Stack::Proc;

# What Linux tells about processes. A number alone names no process for long, since numbers are used again; a number and
# the moment of birth do.

use v5.20;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(birth parent program_name group_members is_running open_files_limit);

# Name, state, parent, process group and birth of a process; nothing if there is none.
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

# The first 15 bytes of the name of the program that a process runs; '' if there is none.
sub program_name {
    my $status = status(@_) or return '';
    return $status->{name};
}

# When the process was born, in ticks since the machine was; nothing if it has ended.
sub birth {
    my $status = status(@_) or return;
    return if $status->{state} =~ /[ZX]/;
    return $status->{birth};
}

# The living processes of a group, the eldest first.
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

# Whether any thread of a process does something, or could: none does once a signal has stopped it, or if it has ended.
sub is_running {
    my ($pid) = @_;
    for my $stat (glob "/proc/$pid/task/*/stat") {
        open my $file, '<', $stat or next;
        my $line = readline($file) // next;
        return 1 if $line !~ /^.*\) [TtZX] /s;
    }
    return 0;
}

# How many files a process of ours may open, at most this many.
sub open_files_limit {
    my ($most) = @_;
    open my $file, '<', '/proc/self/limits' or return 1024;
    my ($hard) = map { /^Max open files\s+\d+\s+(\d+)/ ? $1 : () } readline $file;
    return $hard && $hard < $most ? $hard : $most;
}

1;
