package BookShare::OpenID;

# A small OpenID Connect provider: it signs everybody in as the person whom their cookie names.
#
#     my $provider = BookShare::OpenID->new(secret => $secret);     # runs until the object goes
#     $provider->metadata;                                          # the address of its metadata
#     my $back = $provider->sign_in($location, 'ed');               # where it sends a browser that was sent to $location
#
# It has the authorization code flow of OpenID Connect Core 1.0, section 3.1, with ID tokens signed by HS256 (RFC 7515),
# for one client, which it does not check. The person "mallory" gets a token that another secret has signed.

use v5.20;
use warnings;

use Digest::SHA qw(hmac_sha256);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP qw(encode_json);
use MIME::Base64 qw(encode_base64url);
use POSIX ();

sub new {
    my ($class, %args) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 16) or die "provider: $@\n";
    my $self = bless { %args, owner => $$, address => 'http://127.0.0.1:' . $listener->sockport }, $class;
    $self->{pid} = fork // die "fork: $!\n";
    $self->serve($listener) if !$self->{pid};
    return $self;
}

sub DESTROY {
    my ($self) = @_;
    return if $self->{owner} != $$;
    local ($?, $!);
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    return;
}

sub metadata { return "$_[0]{address}/.well-known/openid-configuration" }

sub sign_in {
    my ($self, $location, $person) = @_;
    return HTTP::Tiny->new(max_redirect => 0)->get($location, { headers => { cookie => "person=$person" } })->{headers}{location} // '';
}

# ---- In a process of its own

sub serve {
    my ($self, $listener) = @_;
    my %pages = ('/.well-known/openid-configuration' => \&describe, '/authorize' => \&authorize, '/token' => \&token);
    while (1) {
        my $client = $listener->accept or next;
        my ($path, $query) = (readline($client) // '') =~ m{^\w+ ([^ ?]+)\??(\S*)} or next;
        my ($person, $length, $body) = ('', 0, '');
        while (defined(my $line = readline $client)) {
            $person = $1 if $line =~ /^cookie: .*\bperson=(\w+)/i;
            $length = $1 if $line =~ /^content-length: (\d+)/i;
            last if $line eq "\r\n";
        }
        read $client, $body, $length;
        my $page = $pages{$path};
        print {$client} $page ? $self->$page($path eq '/token' ? $body : $query, $person) : "HTTP/1.0 404 Not Found\r\n\r\n";
        close $client;
    }
    POSIX::_exit(0);
}

sub describe {
    my ($self) = @_;
    return json(
        issuer => $self->{address}, authorization_endpoint => "$self->{address}/authorize", token_endpoint => "$self->{address}/token",
        response_types_supported => ['code'], subject_types_supported => ['public'], id_token_signing_alg_values_supported => ['HS256'],
    );
}

sub authorize {
    my ($self, $query, $person) = @_;
    my %asked = form($query);
    my $code  = ++$self->{codes};
    $self->{given}{$code} = { person => $person, client => $asked{client_id}, nonce => $asked{nonce} };
    return "HTTP/1.0 302 Found\r\nLocation: $asked{redirect_uri}?code=$code&state=$asked{state}\r\n\r\n";
}

sub token {
    my ($self, $body) = @_;
    my %asked = form($body);
    my $given = delete $self->{given}{ $asked{code} // '' } or return "HTTP/1.0 400 Bad Request\r\n\r\n";
    my %claims = (
        iss => $self->{address}, sub => "number of $given->{person}", aud => $given->{client}, iat => time, exp => time + 600,
        nonce => $given->{nonce}, preferred_username => $given->{person},
    );
    my $signed = join '.', map { encode_base64url(encode_json($_)) } { alg => 'HS256', typ => 'JWT' }, \%claims;
    my $secret = $given->{person} eq 'mallory' ? 'a guess' x 6 : $self->{secret};
    return json(
        access_token => "access of $given->{person}", token_type => 'Bearer', expires_in => 600,
        id_token => "$signed." . encode_base64url(hmac_sha256($signed, $secret)),
    );
}

sub json { my (%answer) = @_; return "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" . encode_json(\%answer) }

sub form {
    my ($text) = @_;
    return map { s/%(..)/chr hex $1/ger } map { tr/+/ /r } map { split /=/, $_, 2 } split /&/, $text;
}

1;
