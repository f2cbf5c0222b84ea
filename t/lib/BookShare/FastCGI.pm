package BookShare::FastCGI;

# A worker on its own, without spawn-fcgi, a supervisor and nginx: a listening socket on descriptor 0, and requests in
# the protocol of FastCGI 1.0.
#
#     my $worker = BookShare::FastCGI->new($program, $socket, $log, %env);
#     my $request = $worker->send(GET => '/list');     # on its way
#     my $answer  = $worker->receive($request);        # {status, headers, content}, or nothing
#     $worker->signal('TERM');
#     my $status  = $worker->wait(5);                  # as in $?; undef: still there after patience(5)

use v5.20;
use warnings;

use IO::Socket::UNIX;
use POSIX qw(dup2 _exit WNOHANG);
use Time::HiRes qw(sleep time);

use BookShare::Stack::Patience;

my ($BEGIN, $PARAMS, $STDIN, $STDOUT, $END) = (1, 4, 5, 6, 3);

sub new {
    my ($class, $program, $path, $log, %env) = @_;
    my $listen = IO::Socket::UNIX->new(Local => $path, Listen => 1024) or die "listen: $!";
    my $pid    = fork // die "fork: $!";
    if (!$pid) {
        %ENV = (%ENV, %env);
        open STDERR, '>>', $log;
        dup2(fileno $listen, 0);
        { exec $program }
        _exit(127);
    }
    return bless { pid => $pid, path => $path }, $class;
}

sub record {
    my ($type, $content) = @_;
    return pack('C C n n C C', 1, $type, 1, length $content, 0, 0) . $content;
}

sub parameter {
    my ($name, $value) = @_;
    return pack('N N', map { length($_) | 0x8000_0000 } $name, $value) . $name . $value;
}

sub send {
    my ($self, $method, $uri, $body, %more) = @_;
    $body //= '';
    my ($path, $query) = split /\?/, $uri, 2;
    my %param = (
        REQUEST_METHOD => $method, REQUEST_URI => $uri, DOCUMENT_URI => $path, SCRIPT_NAME => $path,
        QUERY_STRING => $query // '', SERVER_PROTOCOL => 'HTTP/1.1', HTTP_HOST => 'localhost',
        CONTENT_LENGTH => length $body, %more,
    );
    my $params = join '', map { parameter($_, $param{$_}) } sort keys %param;
    my $socket = IO::Socket::UNIX->new(Peer => $self->{path}) or die "connect: $!";
    print {$socket} record($BEGIN, pack 'n C x5', 1, 0), record($PARAMS, $params), record($PARAMS, ''),
        length $body ? record($STDIN, $body) : (), record($STDIN, '');
    $socket->flush;
    return $socket;
}

sub receive {
    my ($self, $socket) = @_;
    my ($out, $ended) = ('');
    while (read($socket, my $head, 8) // 0) {
        my (undef, $type, undef, $length, $padding) = unpack 'C C n n C', $head;
        read $socket, my $content, $length + $padding;
        $out .= substr $content, 0, $length if $type == $STDOUT;
        if ($type == $END) { $ended = 1; last }
    }
    close $socket;                                    # libfcgi waits for it
    return if !$ended;
    my ($head, $content) = split /\r?\n\r?\n/, $out, 2;
    my %headers = map { my ($name, $value) = split /:\s*/, $_, 2; (lc $name => $value) } split /\r?\n/, $head;
    my ($status) = ($headers{status} // '200') =~ /^(\d+)/;
    return { status => $status, headers => \%headers, content => $content };
}

sub signal { my ($self, $name) = @_; return kill $name, $self->{pid} }

sub wait {
    my ($self, $seconds) = @_;
    my $end = time + patience($seconds);
    while (time < $end) {
        if (waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
            $self->{gone} = 1;
            return $?;
        }
        sleep 0.01;
    }
    return undef;
}

sub DESTROY {
    my ($self) = @_;
    return if $self->{gone};
    local ($?, $!);
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
}

1;
