# Changes of people that meet each other in MySQL.

use v5.20;
use warnings;
use utf8;

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 250, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');
add_person('ed',  'editor');

# Makes MySQL choose a write, which has locked its person and waits for their keys, as the victim of a deadlock: the
# transaction with more changes survives.
sub meet_deadlock {
    my ($write) = @_;
    my $deadlocks = sub { ($stack->mysql(q{SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'}))[0][0] };
    my $before = $deadlocks->();
    my $other = session('BEGIN; UPDATE music SET edition = "other" ORDER BY book_id LIMIT 100; SELECT * FROM people_keys FOR UPDATE');
    my $answer = behind($write);
    runs(1, 'DELETE %people_keys%', '%');
    $other->('SELECT * FROM people FOR UPDATE');
    $other->('ROLLBACK');
    my $got = $answer->();
    $other->();
    is $deadlocks->(), $before + 1, 'there was a deadlock';
    return $got;
}

topic 'a deadlock' => 5, sub {
    my @ed = signed_in('ed');
    my %form = (do => 'password', old => password('ed'), new => 'another secret');
    is meet_deadlock(sub { POST('/account', \%form, @ed)->{status} }), 303, 'a new password, tried again';
    is sign_in('ed', 'another secret')->{status}, 303, 'is valid';
    is meet_deadlock(sub { (user('', 'remove', 'ed'))[0] }), 0, 'a person, too, is removed';
};

run_topics;
