# People at work, and the looks of their pages: axe-core finds nothing, light or dark, on a phone or a desk.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::People;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 120, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
my $long = 'very.long.name@an.example.of.a.long.domain.example.org.Umläut';
add_person($long, 'admin');
add_person('ann', 'reader');
add_person('ed', 'editor');
my ($invited) = (user('', 'invite', 'ed'))[1] =~ /key=(\S+)/;
signed_in($long) for 1 .. 2;
my $other = POST('/sign-in', { name => $long, password => password($long) }, 'user-agent' => 'Mozilla/5.0 ' . '(Long; Agent) ' x 20);
my ($cookie) = cookie($other) =~ /=(.*)/;
signed_in($long);
$stack->mysql('DELETE FROM people_attempts');

topic 'a person at work' => undef, sub { relay('people.js', $stack->url(''), 'ed', password('ed')) };

topic 'the looks of every page' => undef, sub { relay('looks.js', $stack->url(''), 'ann', $invited, $cookie) };

run_topics;
