# During a large import the index keeps answering searches, although it cannot be rebuilt meanwhile, and they find
# everything committed before.

use v5.20;
use warnings;
use utf8;

use Fcntl qw(:flock);

use BookShare::Test;

my $BOOKS = 30_000;
my $stack = stack(rows => 3000, workers => 2);
my $index = $stack->dir . '/index';

sub search     { return GET('/list?search=' . $_[0]) }
sub found      { return (message($_[0]) =~ /Length: (\d+)/)[0] }

sub committed { return ($stack->mysql("SELECT COUNT(*) FROM music WHERE book_id LIKE '!I%'"))[0][0] }

wait_for('the index', 20, sub { !grep { !from_index(search('zq')) } 1 .. 12 });

my $file = $stack->dir . '/many.tsv';
open my $out, '>', $file or die $!;
print {$out} "book_id\ttitle\n", map { sprintf "!I%05d\tZqimported %d\n", ($_ * 7919) % $BOOKS, $_ } 1 .. $BOOKS;
close $out;

topic 'searches during an import' => 4, sub {
    open my $lock, '>>', "$index/lock" or die "lock: $!";
    wait_for('nobody to make an index', 20, sub { flock $lock, LOCK_EX | LOCK_NB });
    my $import = behind(sub { (cli('import', '--batch', 250, $file))[0] });
    my ($asked, @elsewhere, @missed) = (0);
    until (committed() == $BOOKS) {
        my $before = committed();
        my $page   = search('zqimported');
        my $after  = committed();
        $asked++;
        push @elsewhere, $before if !from_index($page);
        push @missed, "$before to $after: " . found($page) if found($page) < $before || found($page) > $after;
    }
    is $import->(), 0, 'the import is made';
    push @elsewhere, grep { !from_index(search('zqimported')) } 1 .. 12;
    is "@elsewhere", '', "all of $asked searches meanwhile, and those after it, are answered from the index";
    is join(', ', @missed), '', 'with all that was committed, and nothing else';
    close $lock;
    is wait_for('another index', 60, sub {
        search('zq');
        -s "$index/books.index" && found(search('zqimported'));
    }), $BOOKS, 'and afterwards';
};

run_topics;
