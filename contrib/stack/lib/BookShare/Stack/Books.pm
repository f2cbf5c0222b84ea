package BookShare::Stack::Books;

# Loads invented books into an empty table, in one transaction: an interruption leaves the table empty. Uses plain
# INSERTs, since existing servers seldom allow LOAD DATA LOCAL; 500,000 books take about five seconds.

use v5.20;
use warnings;

use POSIX ();

# An INSERT ends once it has this many bytes, far below the smallest limit for a packet.
my $STATEMENT = 250_000;

# From this many books on they are sorted first, without progress: in key order a table that exceeds the server's memory
# fills several times faster.
my $SORTED = 1_000_000;

sub new {
    my ($class, $stack) = @_;
    return bless { stack => $stack }, $class;
}

# Creates missing tables and fills an empty one. Existing books stay.
sub load {
    my ($self) = @_;
    my $stack  = $self->{stack};
    my $wanted = $stack->{rows};
    $self->make_tables;
    my ($row) = $stack->mysql('SELECT COUNT(*) FROM music');
    my $there = $row->[0];
    if ($there == 0) {
        $self->fill($wanted) if $wanted > 0;
        return;
    }
    my $other = $there != $wanted && !$stack->{mysql_defaults} ? "; for $wanted take another folder (VAR=...)" : '';
    $stack->tell("$there books are in place$other");
    return;
}

# On an existing server we may lack the privilege. The existing tables may be fine anyway.
sub make_tables {
    my ($self) = @_;
    my $stack  = $self->{stack};
    my $schema = $stack->slurp($stack->shared_file('sql/schema.sql'));
    return $stack->mysql($schema) if !$stack->{mysql_defaults};
    eval { $stack->mysql_without_database('CREATE DATABASE IF NOT EXISTS ' . $stack->database) };
    eval { $stack->mysql($schema); 1 } or $stack->tell("the tables stay as they are: $@" =~ s/\n//r);
    return;
}

sub fill {
    my ($self, $rows) = @_;
    my $stack    = $self->{stack};
    my $generate = $stack->program('bookshare-generate');
    -x $generate or die "$generate is missing: run make first\n";
    $stack->tell("making and loading $rows books");
    $stack->{progress}->(0, $rows);

    local $SIG{PIPE} = 'IGNORE';
    my $log   = $stack->log('load');
    my @make  = ($generate, '--rows', $rows, '--format', 'tsv');
    unshift @make, 'sh', '-c', '"$0" "$@" | LC_ALL=C sort -S 25% -T ' . "'$stack->{dir}/tmp'" if $rows >= $SORTED;
    my $books = piped('-|', $log, @make);
    my $sql   = piped('|-', $log, $stack->mysql_client, '--default-character-set=utf8mb4', $stack->database);
    print {$sql} "SET sql_mode = 'STRICT_ALL_TABLES', unique_checks = 0, foreign_key_checks = 0;\nSTART TRANSACTION;\n";
    my ($done, $length, @values) = (0, 0);
    my $flush = sub {
        print {$sql} 'INSERT INTO music VALUES ', join(',', @values), ";\n" if @values;
        ($length, @values) = (0);
        $stack->{progress}->($done, $rows);
    };
    while (my $line = readline $books) {
        chomp $line;
        $line =~ s/'/''/g;
        $line =~ s/\t/','/g;
        push @values, "('$line')" =~ s/'\\N'/NULL/gr;
        $length += length $line;
        $done++;
        $flush->() if $length > $STATEMENT;
    }
    $flush->();
    close $books or die "generating the books failed; see $log\n";
    print {$sql} 'UPDATE music_version SET epoch = GREATEST(epoch + 1, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)), ',
        "books = (SELECT COUNT(*) FROM music);\nCOMMIT;\n";
    close $sql or die "loading the books failed; see $log\n";
    return;
}

# Starts a program with one end of a pipe; its other output goes to the log.
sub piped {
    my ($mode, $log, @command) = @_;
    my $pid = open(my $pipe, $mode) // die "fork: $!\n";
    if (!$pid) {
        open STDOUT, '>>', $log if $mode eq '|-';
        open STDERR, '>>', $log;
        no warnings 'exec';
        exec { $command[0] } @command;
        print STDERR "$command[0]: $!\n";
        POSIX::_exit(127);
    }
    binmode $pipe;
    return $pipe;
}

1;
