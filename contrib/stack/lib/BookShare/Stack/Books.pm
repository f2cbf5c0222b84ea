package BookShare::Stack::Books;

# Loads invented books into an empty table, in one transaction: what an interruption leaves is an empty table again.
# By plain INSERTs, since servers that exist seldom allow LOAD DATA LOCAL; 500,000 books take some five seconds.

use v5.20;
use warnings;

use POSIX ();

# An INSERT ends once it has this many bytes, far below what the strictest servers take as one.
my $STATEMENT = 250_000;

# From so many books on they are sorted first, for which nothing is shown: in the order of its key a table fills several
# times faster once it has outgrown the server's memory.
my $SORTED = 1_000_000;

sub new {
    my ($class, $stack) = @_;
    return bless { stack => $stack }, $class;
}

# Makes the tables that are missing, and fills an empty one. Books that are there stay.
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

# On a server that is not ours we may lack the right to. What is there may do all the same.
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
    -x $generate or die "$generate is missing: has it been built?\n";
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
    close $books or die "the books could not be made; see $log\n";
    print {$sql} 'UPDATE music_version SET epoch = GREATEST(epoch + 1, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)), ',
        "books = (SELECT COUNT(*) FROM music);\nCOMMIT;\n";
    close $sql or die "the books could not be loaded; see $log\n";
    return;
}

# Starts a program with one end of a pipe; what else it says goes to the log.
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
