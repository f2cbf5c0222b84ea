package BookShare::Deadlock;

# Makes MySQL abort a write as the victim of a deadlock.

use v5.20;
use warnings;

use Exporter 'import';

use BookShare::Test;

our @EXPORT = qw(meet_deadlock);

# Runs a write of a stack until it waits, in a statement that matches $like, for what another transaction holds ($held,
# SQL); that one then wants what the write has locked ($wanted, SQL). The transaction with more changes survives, which
# is the other one: it changes 100 books. Tests that there was a deadlock; returns what the write returns.
sub meet_deadlock {
    my ($stack, $write, $like, $held, $wanted) = @_;
    my $deadlocks = sub { ($stack->mysql(q{SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'}))[0][0] };
    my $before = $deadlocks->();
    my $other = session(join '; ', 'BEGIN', 'UPDATE music SET edition = "other" ORDER BY book_id LIMIT 100', $held // ());
    my $answer = behind($write);
    runs(1, $like, '%');
    $other->($wanted);
    $other->('ROLLBACK');
    my $got = $answer->();
    $other->();
    is $deadlocks->(), $before + 1, 'there was a deadlock';
    return $got;
}

1;
