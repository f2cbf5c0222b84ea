# MySQL aborts a write as the victim of a deadlock: it is retried. The workers wait for locks as long as they do by
# default: on a busy machine, the deadlock may come late.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);

use BookShare::Deadlock;
use BookShare::Test;

my $stack = stack(rows => 250);

# A write that has locked the version waits for a book.
sub meet { my ($write, $like) = @_; return meet_deadlock($stack, $write, $like, undef, 'SELECT * FROM music_version FOR UPDATE') }

topic 'the write is tried again' => 6, sub {
    my ($first) = map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1');
    is meet(sub { POST('/update/' . escaped($first), { title => 'in spite of it' })->{status} },
        '%FROM music WHERE book_id = % FOR UPDATE'), 303, 'done';
    is stored($first)->[1], 'in spite of it', 'and there';
    $stack->write_file('one.tsv', encode('UTF-8', "$first\tonce more" . "\t\\N" x 5 . "\n"));
    like meet(sub { (cli('import', '--on-duplicate=replace', $stack->dir . '/one.tsv'))[1] },
        '%FROM music WHERE book_id IN % FOR UPDATE'), qr/^added 0, replaced 1,/m, 'an import, too';
    is stored($first)->[1], 'once more', 'and there';
};

run_topics;
