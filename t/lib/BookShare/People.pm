package BookShare::People;

# People for tests: adds them with `bookshare user`, signs them in, and keeps their cookies.
#
#     my $stack = stack(env => { BOOKSHARE_AUTH => 'accounts' });
#     add_person('ann', 'editor');
#     my @ann = signed_in('ann');           # headers for GET, POST, ...
#     is GET('/add', @ann)->{status}, 200;

use v5.20;
use warnings;
use utf8;

use Encode qw(decode encode);
use Exporter 'import';

use BookShare::Test;

our @EXPORT = qw(people_of user add_person password sign_in signed_in cookie hold_waits release_waits);

my $stack;

# Says which stack the people are of.
sub people_of { ($stack) = @_; return }

# The password of a person.
sub password { return "secret of $_[0]" }

# Runs `bookshare user` with a standard input; returns its exit status, its output and its errors.
sub user {
    my ($input, @words) = @_;
    local %ENV = (%ENV, $stack->env);
    my ($status, @texts) = $stack->run_program(encode('UTF-8', $input), $stack->program('bookshare'), 'user', @words);
    return ($status >> 8, map { decode('UTF-8', $_) } @texts);
}

sub add_person {
    my ($name, $role) = @_;
    my ($status, $out, $err) = user(password($name) . "\n", 'add', $name, '--role', $role);
    die "adding $name: $err" if $status != 0;
    return;
}

sub sign_in {
    my ($name, $password, %form) = @_;
    return POST('/sign-in', { name => $name, password => $password, %form });
}

# The cookie of a session that an answer sets, as a browser sends it; '' if it sets none.
sub cookie {
    my ($answer) = @_;
    my $set = $answer->{headers}{'set-cookie'} // return '';
    my ($found) = map { /^((?:__Host-)?bookshare_session=[^;]*)/ ? $1 : () } ref $set ? @$set : $set;
    return $found // '';
}

# The headers of requests by somebody who has just signed in.
sub signed_in {
    my ($name) = @_;
    my $answer = sign_in($name, password($name));
    cookie($answer) =~ /=./ or die "$name cannot sign in: $answer->{status}\n";
    return (cookie => cookie($answer));
}

# Lengthens all waits that begin from now on by an hour, and ends that: the machine may take longer than a wait of one
# second to send the next request.
sub hold_waits {
    $stack->mysql('CREATE TRIGGER hold_waits BEFORE UPDATE ON people_attempts FOR EACH ROW SET NEW.next_at =
        IF(NEW.next_at > UTC_TIMESTAMP(3), NEW.next_at + INTERVAL 1 HOUR, NEW.next_at)');
    return;
}
sub release_waits { $stack->mysql('DROP TRIGGER hold_waits'); return }

1;
