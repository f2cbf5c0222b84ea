package BookShare::Stack::Tools;

# Methods of BookShare::Stack that run other programs and write files. They query the servers with their own clients.

use v5.20;
use warnings;

use Encode qw(decode encode);
use File::Temp;
use POSIX ();

use BookShare::Stack::Servers;

# ---- Servers

# The command that opens the database, as its owner if it is private.
sub mysql_client {
    my ($self) = @_;
    return (BookShare::Stack::Servers::client('database'), '--defaults-file=' . $self->client_defaults);
}

# Our option file, or one made of the groups that the workers read in an existing file.
sub client_defaults {
    my ($self) = @_;
    return $self->{part}{mysql}->defaults_file if !$self->{mysql_defaults};
    return "$self->{dir}/client.cnf" if $self->{client_defaults};
    # MySQL's version only shows passwords with an option; MariaDB's always does and lacks the option.
    my @show = `my_print_defaults --help 2>&1` =~ /--show\b/ ? '--show' : ();
    open my $options, '-|', 'my_print_defaults', "--defaults-file=$self->{mysql_defaults}", @show, qw(client bookshare)
        or die "my_print_defaults: $!\n";
    my $lines = '';
    while (my $option = readline $options) {
        chomp $option;
        my ($name, $value) = $option =~ /^--([^=]+)(?:=(.*))?$/ or next;
        next if $name eq 'database';
        $lines .= defined $value ? "$name = \"" . ($value =~ s/([\\"])/\\$1/gr) . "\"\n" : "$name\n";
    }
    $self->write_file('client.cnf', "[client]\n$lines");
    $self->{client_defaults} = 1;
    return $self->client_defaults;
}

# Runs SQL. Returns the rows as a list of array references, NULL as undef. Texts are character strings.
sub mysql { my ($self, $sql) = @_; return $self->mysql_without_database($sql, $self->database) }

sub mysql_without_database {
    my ($self, $sql, @database) = @_;
    my ($status, $out, $err) = $self->run_program(encode('UTF-8', $sql),
        $self->mysql_client, '--xml', '--default-character-set=utf8mb4', @database);
    die 'MySQL: ', $err =~ /^(ERROR.*\n)/m ? $1 : $err if $status != 0;
    my %sign = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");
    my @rows;
    for my $row (decode('UTF-8', $out) =~ m{<row>(.*?)</row>}gs) {
        push @rows, [];
        while ($row =~ m{<field name="[^"]*"(?: xsi:nil="true" />|>(.*?)</field>)}gs) {
            push @{ $rows[-1] }, defined $1 ? $1 =~ s/&(\w+);/$sign{$1}/gr : undef;
        }
    }
    return wantarray ? @rows : \@rows;
}

# Runs a Redis command; returns the output of redis-cli (or valkey-cli) without the last line break.
sub redis {
    my ($self, @command) = @_;
    my $url = $self->{redis_url} // $self->{part}{redis}->url;
    my ($path, $db) = $url =~ m{^unix://(?:[^@/]*\@)?(/[^?]*)(?:\?db=(\d+))?$};
    my ($status, $out, $err) = $self->run_program('', BookShare::Stack::Servers::client('cache'),
        defined $path ? ('-s', $path, '-n', $db // 0) : ('-u', $url), map { encode('UTF-8', $_) } @command);
    die "redis-cli: $err" if $status != 0 && $out eq '';
    return decode('UTF-8', $out) =~ s/\n\z//r;
}

# ---- Programs and files

# Runs a program with a text on standard input; returns its status, output and error output.
sub run_program {
    my ($self, $input, @command) = @_;
    my ($in, $out, $err) = map { File::Temp->new(DIR => "$self->{dir}/tmp") } 1 .. 3;
    $in->print($input);
    $in->flush;
    seek $in, 0, 0;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDIN,  '<&', $in;
        open STDOUT, '>&', $out;
        open STDERR, '>&', $err;
        no warnings 'exec';
        exec { $command[0] } @command;
        print STDERR "$command[0]: $!\n";
        POSIX::_exit(127);
    }
    waitpid $pid, 0;
    my $status = $?;
    return ($status, map { seek $_, 0, 0; local $/; readline($_) // '' } $out, $err);
}

# Runs a program; shows its output only if it fails.
sub run_quietly {
    my ($self, @command) = @_;
    my ($status, $out, $err) = $self->run_program('', @command);
    die "$command[0] failed:\n$out$err" if $status != 0;
    return;
}

# Writes a file that no other user can read.
sub write_file {
    my ($self, $name, $text) = @_;
    my $path = "$self->{dir}/$name";
    my $mask = umask 077;
    open my $file, '>', "$path.new" or die "$path.new: $!\n";
    umask $mask;
    print {$file} $text;
    close $file or die "$path.new: $!\n";
    rename "$path.new", $path or die "$path: $!\n";
    return;
}

sub read_file {
    my ($self, $name) = @_;
    return -e "$self->{dir}/$name" ? $self->slurp("$self->{dir}/$name") : undef;
}

sub slurp {
    my ($self, $path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    return readline $file;
}

1;
