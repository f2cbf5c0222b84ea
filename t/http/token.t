# Tokens: programs read and write for a person, as far as the scope and the role go.

use v5.20;
use warnings;
use utf8;

use JSON::PP qw(decode_json);

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 20, env => { BOOKSHARE_AUTH => 'accounts', BOOKSHARE_READ => 'members' });
people_of($stack);
add_person('ann', 'admin');
add_person('ed',  'editor');
add_person('ro',  'reader');

# Runs `bookshare token`; returns its exit status, its output and its errors.
sub token_command { return cli('token', @_) }

# A new token, as a header.
sub bearer {
    my ($status, $out, $err) = token_command('add', @_);
    die $err if $status != 0;
    return (authorization => 'Bearer ' . $out =~ s/\n//r);
}

# The statuses of reading, of writing, and of what an admin does.
my $n = 0;
sub statuses {
    my (@headers) = @_;
    return join ' ', GET('/api/books', @headers)->{status},
        request('POST', '/api/books', sprintf('{"book_id": "!T%d", "title": "x"}', $n++), 'content-type' => 'application/json', @headers)->{status},
        GET('/timings', @headers)->{status}, GET('/users', @headers)->{status};
}

topic 'scope and role, whichever is less' => 6, sub {
    is statuses(), '401 401 303 303', 'nobody';
    is statuses(bearer('--user', 'ro')), '200 403 403 403', 'a reader';
    is statuses(bearer('--user', 'ro', '--scope', 'write')), '200 403 403 403', 'whose token may write';
    is statuses(bearer('--user', 'ed')), '200 403 403 403', 'an editor whose token may read';
    is statuses(bearer('--user', 'ed', '--scope', 'write', '--days', 1)), '200 201 403 403', 'or write';
    is statuses(bearer('--user', 'ann', '--scope', 'write')), '200 201 403 403', 'no token is an admin';
};

topic 'wrong usage' => 8, sub {
    for (['add'], ['add', '--user'], ['add', '--user', 'ed', '--scope', 'all'], ['add', '--user', 'ed', '--days', '0'],
        ['add', '--user', 'ed', '--days', '3651'], ['revoke', 'x'], ['burn']) {
        is +(token_command(@$_))[0], 2, "token @$_";
    }
    is +(token_command('add', '--user', 'nobody'))[0], 1, 'for nobody';
};

topic 'a token that is not valid is refused everywhere' => 7, sub {
    for my $token ('', 'x', 'bookshare_' . 'A' x 43) {
        my $answer = GET('/api/books', authorization => "Bearer $token");
        is $answer->{status}, 401, "'$token'";
    }
    my $answer = GET('/sign-in', authorization => 'bearer x');
    is $answer->{status}, 401, 'a page';
    is header($answer, 'WWW-Authenticate'), 'Bearer realm="Book Share", error="invalid_token"';
    is GET('/sign-in', authorization => 'Basic eDp5')->{status}, 200, 'other credentials are not tokens';
    my @hashes = map { $_->[0] } $stack->mysql("SELECT hash FROM people_keys WHERE kind = 'token'");
    is_deeply [grep { GET('/api/books', authorization => "Bearer $_")->{status} != 401 } @hashes], [], 'nor is what is stored';
};

topic 'tokens are listed, with their last use, and revoked' => 9, sub {
    $stack->mysql('DELETE FROM people_keys');
    my @ed = bearer('--user', 'ed', '--days', 90);
    my @ro = bearer('--user', 'ro');
    $stack->mysql("UPDATE people_keys SET used_at = UTC_TIMESTAMP() - INTERVAL 1 DAY, made_at = UTC_TIMESTAMP() - INTERVAL 1 DAY");
    GET('/api/books', @ed);
    my ($status, $out) = token_command('list');
    is $status, 0;
    my ($first, $second) = split /\n/, $out;
    like $first, qr/^\d+ ed read since (\S+) \S+ used (?!\1)\S+ \S+ ends \S+ \S+ UTC$/, 'used since';
    like $second, qr/^\d+ ro read since (\S+ \S+) used \1 ends/, 'not used';
    unlike $out, qr/bookshare_/, 'they are not shown again';
    my ($number) = $first =~ /^(\d+)/;
    is +(token_command('revoke', $number))[0], 0, 'revoked';
    is GET('/api/books', @ed)->{status}, 401;
    is GET('/api/books', @ro)->{status}, 200, 'the others are good';
    is +(token_command('revoke', $number))[0], 1, 'once';
    $stack->mysql('UPDATE people_keys SET ends_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND');
    is GET('/api/books', @ro)->{status}, 401, 'and each ends';
};

topic 'they end with their person, not with a password' => 4, sub {
    my @ro = bearer('--user', 'ro');
    my ($status, $out) = user('', 'invite', 'ro');
    my ($key) = $out =~ /key=(\S+)/;
    is POST('/invitation', { key => $key, password => 'another secret' })->{status}, 303, 'a new password';
    is GET('/api/books', @ro)->{status}, 200;
    is +(user('', 'remove', 'ro'))[0], 0, 'no person';
    is GET('/api/books', @ro)->{status}, 401;
};

topic 'the description says so' => 3, sub {
    my $api = decode_json(GET('/api/openapi.json')->{content});
    is $api->{components}{securitySchemes}{token}{scheme}, 'bearer';
    is_deeply $api->{security}, [{}, { token => [] }], 'with a token or without';
    my @operations = grep { ref eq 'HASH' } map { values %$_ } values %{ $api->{paths} };
    is_deeply [map { $_->{operationId} // '?' } grep { !$_->{responses}{401} || !$_->{responses}{403} } grep { $_->{responses}{400} && $_->{operationId} !~ /^options/ } @operations], [],
        'and each address what it answers without';
};

run_topics;
