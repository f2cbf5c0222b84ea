# Changes of people that meet each other in MySQL.

use v5.20;
use warnings;
use utf8;

use BookShare::Deadlock;
use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 250, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');
add_person('ed',  'editor');

# A write that has locked its person waits for their keys.
sub meet {
    my ($write) = @_;
    return meet_deadlock($stack, $write, 'DELETE %people_keys%', 'SELECT * FROM people_keys FOR UPDATE', 'SELECT * FROM people FOR UPDATE');
}

topic 'a deadlock' => 5, sub {
    my @ed = signed_in('ed');
    my %form = (do => 'password', old => password('ed'), new => 'another secret');
    is meet(sub { POST('/account', \%form, @ed)->{status} }), 303, 'a new password, tried again';
    is sign_in('ed', 'another secret')->{status}, 303, 'is valid';
    is meet(sub { (user('', 'remove', 'ed'))[0] }), 0, 'a person, too, is removed';
};

# Changes the password of ed while somebody who has given the old one waits for that.
sub overtake {
    my ($write, $like) = @_;
    my $other  = session(q{BEGIN; UPDATE people SET password = 'x' WHERE name = 'ed'});
    my $answer = behind(sub { visible($write->()) });
    runs(1, $like, '%');
    $other->('DELETE FROM people_keys WHERE person = (SELECT person FROM people WHERE name = "ed"); COMMIT');
    my $got = $answer->();
    $other->();
    return $got;
}

topic 'what the old password has begun does not outlive it' => 4, sub {
    for ([sub { sign_in('ed', password('ed')) }, 'INSERT INTO people_keys%', qr/The name or the password is wrong/],
        [sub { POST('/account', { do => 'password', old => password('ed'), new => 'of a thief' }, @_) }, 'UPDATE people SET password%',
            qr/The present password is wrong/]) {
        my ($write, $like, $answer) = @$_;
        add_person('ed', 'editor');
        my @ed = signed_in('ed');
        like overtake(sub { $write->(@ed) }, $like), $answer;
        is_deeply [$stack->mysql(q{SELECT password, (SELECT COUNT(*) FROM people_keys) FROM people WHERE name = 'ed'})], [['x', 0]],
            'the new password, and no session';
        user('', 'remove', 'ed');
    }
};

topic 'of two admins who demote or remove each other at once, one remains' => 4, sub {
    for my $form ({ do => 'role', role => 'editor' }, { do => 'remove' }) {
        add_person('bea', 'admin');
        my %by    = map { $_ => [signed_in($_)] } qw(ann bea);
        my $other = session('BEGIN; SELECT * FROM people FOR UPDATE');
        my @answers = map { my ($by, $whom) = @$_; behind(sub { my $answer = POST("/users/$whom", $form, @{ $by{$by} }); "$answer->{status} " . visible($answer) }) }
            ['ann', 'bea'], ['bea', 'ann'];
        runs(2, '%people WHERE %role = %', '%');
        $other->('COMMIT');
        my ($done, $refused) = sort map { $_->() } @answers;
        $other->();
        like "$done\n$refused", qr/^303 .*\n409 .*You are no longer an admin/s, "$form->{do}: one is refused";
        is_deeply [$stack->mysql(q{SELECT COUNT(*) FROM people WHERE role = 'admin'})], [[1]], 'one admin';
        user('', 'remove', $_) for qw(ann bea);
        add_person('ann', 'admin');
    }
};

run_topics;
