# A background edit whose process is killed: nothing is half done, and it can go on or be undone.

use v5.20;
use warnings;
use utf8;

use BookShare::Stack::Proc qw(is_running);
use BookShare::Test;

my $stack = stack(rows => 1500, workers => 2);
warm_index();

sub count { my ($where) = @_; return ($stack->mysql("SELECT COUNT(*) FROM music WHERE $where"))[0][0] }
sub to    { return header($_[0], 'Location') }

# The whole table, without what a change and its undo leave the same.
sub table { return [map { join "\t", map { $_ // 'NULL' } @$_ } $stack->mysql('SELECT * FROM music ORDER BY book_id')] }

# Previews an edit of all books, and confirms it.
sub start {
    my (%edit)  = (what => 'set', field => 'edition', old => '', @_);
    my $preview = POST('/edit', \%edit);
    return POST('/edit', { %edit, %{ inputs($preview, qr/edit/) }{qw(once sum)}, step => 'run' });
}

# The process of this stack that runs an edit: it is no worker, and holds the turn of imports and edits.
sub runner {
    my %is_worker = map { $_ => 1 } workers();
    my $dir = $stack->dir;
    for my $pid (map {m{(\d+)$}} glob '/proc/[0-9]*') {
        next if $is_worker{$pid} || !grep { (readlink // '') =~ /slots-imports$/ } glob "/proc/$pid/fd/*";
        open my $in, '<', "/proc/$pid/environ" or next;
        return $pid if (join '', <$in>) =~ /\Q$dir\E/;
    }
    return;
}

my $before = table();
my $middle = ($stack->mysql('SELECT book_id FROM music ORDER BY book_id LIMIT 1 OFFSET 650'))[0][0];

# Lets an edit come to a book in the middle, kills its process there, and waits until the edit counts as stopped.
# Returns its page.
sub cut_off {
    my ($start, $is_there) = @_;
    my $release = session("BEGIN; SELECT * FROM music WHERE book_id = '$middle' FOR UPDATE");
    my $answer  = $start->();
    my $pid     = wait_for('its process', 20, sub { runner() });
    wait_for('the slices before that book', 30, $is_there);
    kill 'KILL', $pid;
    wait_for('its end', 20, sub { !is_running($pid) });
    $release->();
    return wait_for('it to count as stopped', 40, sub { my $page = GET(to($answer)); $page->{html} =~ m{/continue"} && $page });
}

sub go_on {
    my ($page, $number) = @_;
    is POST("/edits/$number/continue", { once => inputs($page, qr/continue/)->{once} })->{status}, 303;
    ok wait_for('its end', 30, sub { ($stack->mysql("SELECT state FROM music_edits WHERE edit = $number"))[0][0] eq 'done' }), 'it goes on';
    return;
}

topic 'killed before its end: it says what it has done, and goes on' => 6, sub {
    my $page = cut_off(sub { start(new => 'Cut off') }, sub { count(q{edition = 'Cut off'}) == 600 });
    is header($page, 'Refresh'), '', 'the page waits no longer';
    shows $page, qr/This stopped after 600 of 1,500 books\./;
    is count(q{edition = 'Cut off'}), 600, 'the slice under way is not half done';
    go_on($page, 1);
    is count(q{edition = 'Cut off'}), 1500;
};

topic 'its undo is killed, too, and goes on: all is as it was' => 4, sub {
    my $undo = sub { POST('/edits/1/undo', { once => inputs(GET('/edits/1'), qr/undo/)->{once} }) };
    my $page = cut_off($undo, sub { count(q{edition = 'Cut off'}) == 900 });
    shows $page, qr/This stopped after 600 of 1,500 books\./;
    go_on($page, 2);
    is_deeply table(), $before, 'each book as it was';
};

run_topics;
