package BookShare::Bench::Crowd;

# Clients that mean harm, or do not know what they ask for: each load is a name and code that runs in processes of its
# own until SIGTERM.
#
#     my $crowd = BookShare::Bench::Crowd->new($stack);
#     for my $name ($crowd->names) {
#         my $end = $crowd->start($name);
#         ...                                 measure what others notice of it
#         my $answers = $end->();             {status => how many}
#     }

use v5.20;
use warnings;

use Fcntl qw(F_SETFL O_NONBLOCK);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep time);

# Words that are frequent in invented books: none of them leaves few rows for the next one.
my @WORDS = qw(the of and in a er an on re th en or ar te it is);

# In the order in which they are shown. Loads that change the table, or stop a server, come last.
my @LOADS = (
    'nothing'                      => sub { sleep 1 while 1 },
    'slow headers, 500'            => sub { $_[0]->trickle(500, "GET /list?page=3 HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n") },
    'slow bodies, 500'             => sub { $_[0]->trickle(500, $_[0]->form_head(50_000), 'a=b&') },
    'idle connections, 1000'       => sub { $_[0]->trickle(1000, '', '') },
    'slow readers of pages, 500'   => sub { $_[0]->read_slowly(500, '/list?page=4&x', 1024) },
    'slow exports, 60'             => sub { $_[0]->read_slowly(60, '/export.csv', 4096) },
    'exports, 16'                  => sub { $_[0]->loop(16, 'GET', '/export.csv') },
    'timings, 8'                   => sub { $_[0]->loop(8, 'POST', '/timings') },
    'searches of 16 words, 64'     => sub { my $crowd = shift; $crowd->loop(64, 'GET', sub { $crowd->search(16) }) },
    'searches of 2 words, 16'      => sub { my $crowd = shift; $crowd->loop(16, 'GET', sub { $crowd->search(2) }) },
    'abandoned searches, 700'      => sub { my $crowd = shift; $crowd->abandon(700, sub { $crowd->search(16) }) },
    '-baaaa, 16 times, 16'         => sub { $_[0]->loop(16, 'GET', '/list?search=' . join '+', ('-baaaa') x 16) },
    '-baaaa to -baaap, 16'         => sub { $_[0]->loop(16, 'GET', '/list?search=' . join '+', map {"-baaa$_"} 'a' .. 'p') },
    'Redis hung, 8 writers'        => sub { $_[0]->write_books(8) },
    'imports, 4'                   => sub { $_[0]->import_books(4) },
);
my %LOADS = @LOADS;

sub new {
    my ($class, $stack) = @_;
    return bless { stack => $stack, number => 0 }, $class;
}

sub names { return @LOADS[grep { $_ % 2 == 0 } 0 .. $#LOADS] }

# Starts a load. Returns code that ends it, waits for its processes and returns what was answered.
sub start {
    my ($self, $name) = @_;
    my $code = $LOADS{$name} // die "there is no load '$name'\n";
    pipe my $out, my $in or die "pipe: $!\n";
    $self->{stack}->pause('redis') if $name =~ /^Redis hung/;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        close $out;
        setpgrp 0, 0;
        @$self{qw(in owner)} = ($in, $$);
        $SIG{TERM} = sub { $self->finish };
        $SIG{PIPE} = 'IGNORE';
        eval { $code->($self); 1 } or print STDERR "$name: $@";
        $self->finish;
    }
    setpgrp $pid, $pid;
    close $in;
    $self->{stack}->guard->watch($pid);
    return sub {
        kill 'TERM', -$pid;
        my %answers;
        while (my $line = readline $out) {
            my ($status, $count) = split ' ', $line;
            $answers{$status} += $count;
        }
        waitpid $pid, 0;
        $self->{stack}->resume('redis') if $name =~ /^Redis hung/;
        return \%answers;
    };
}

# Tells what was answered, and ends.
sub finish {
    my ($self) = @_;
    syswrite $self->{in}, join '', map {"$_ $self->{answers}{$_}\n"} sort keys %{ $self->{answers} };
    POSIX::_exit(0);
}

# Runs code in so many processes; in each of them until the load ends.
sub crowd {
    my ($self, $count, $code) = @_;
    for my $number (1 .. $count) {
        my $pid = fork // die "fork: $!\n";
        next if $pid;
        srand $number;
        $code->($number) while 1;
    }
    sleep 1 while 1;
    return;
}

# ---- Requests

sub connection {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{stack}->port, Timeout => 10);
}

sub request {
    my ($method, $path, $type, $body) = @_;
    return "$method $path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        . (defined $body ? "Content-Type: $type\r\nContent-Length: " . length($body) . "\r\n\r\n$body"
        : $method eq 'POST' ? "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
        :                     "\r\n");
}

sub form_head {
    my ($self, $length) = @_;
    return "POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        . "Content-Length: $length\r\n\r\n";
}

# Sends a request and reads the answer to its end. Notes its status; one that was refused is not repeated at once.
sub ask {
    my ($self, $text) = @_;
    my $socket = $self->connection or return sleep 0.1;
    syswrite $socket, $text;
    my ($first, $part) = '';
    while (sysread $socket, $part, 65536) {
        $first .= $part if length $first < 20;
    }
    my ($status) = $first =~ m{^HTTP/1\.1 (\d+)};
    $self->{answers}{ $status // 'none' }++;
    sleep 0.05 if !$status || $status >= 400;
    return;
}

# Asks again and again in so many processes. path: text, or code that makes another one each time.
sub loop {
    my ($self, $count, $method, $path) = @_;
    return $self->crowd($count, sub { $self->ask(request($method, ref $path ? $path->() : $path)) });
}

# A search of so many words that nobody has asked before.
sub search {
    my ($self, $count) = @_;
    return '/list?search=' . join '+', map { $WORDS[rand @WORDS] . ('', 'a' .. 'z')[rand 27] } 1 .. $count;
}

# Sends so many requests at once and goes away before there is an answer; and again after a while.
sub abandon {
    my ($self, $count, $path) = @_;
    while (1) {
        my @sockets = map { my $socket = $self->connection; $socket && syswrite $socket, request('GET', $path->()); $socket }
            1 .. $count;
        $self->{answers}{abandoned} += grep {defined} @sockets;
        sleep 0.2;
        @sockets = ();
        sleep 5;
    }
    return;
}

# Holds so many connections, and sends each a little every second.
sub trickle {
    my ($self, $count, $first, $more) = @_;
    my @sockets = grep {defined} map { $self->connection } 1 .. $count;
    syswrite $_, $first for @sockets;
    $self->{answers}{connected} = @sockets;
    while (1) {
        sleep 1;
        length $more && syswrite $_, $more for @sockets;
    }
    return;
}

# Requests a path this many times, and reads each response at this many bytes per second.
sub read_slowly {
    my ($self, $count, $path, $bytes) = @_;
    my @open;
    while (1) {
        while (@open < $count) {
            my $socket = IO::Socket::INET->new(Proto => 'tcp') or last;
            setsockopt $socket, SOL_SOCKET, SO_RCVBUF, pack 'i', 4096;
            connect $socket, Socket::sockaddr_in($self->{stack}->port, Socket::inet_aton('127.0.0.1')) or last;
            syswrite $socket, request('GET', $path);
            fcntl $socket, F_SETFL, O_NONBLOCK;
            push @open, [$socket];
        }
        sleep 0.25;
        my @left;
        for my $client (@open) {
            my ($socket, $status) = @$client;
            my $got = sysread $socket, my $part, $bytes / 4;
            if (!$status && $got && $part =~ m{^HTTP/1\.1 (\d+)}) {
                $client->[1] = $1;
                $self->{answers}{$1}++;
            }
            push @left, $client if $got || !defined $got;
        }
        @open = @left;
    }
    return;
}

sub write_books {
    my ($self, $count) = @_;
    return $self->crowd($count, sub {
        my ($number) = @_;
        my $id = sprintf 'load-%d-%d-%d', $$, $number, $self->{number}++;
        $self->ask(request('POST', '/add', 'application/x-www-form-urlencoded', "book_id=$id&title=x"));
    });
}

# Uploads 4 MB of the smallest lines.
sub import_books {
    my ($self, $count) = @_;
    return $self->crowd($count, sub {
        my ($number) = @_;
        my $file = "book_id,title\n";
        my $base = sprintf '%s%x', chr(96 + $number), $self->{number}++;
        for (my $i = 0; length $file < 4_000_000; $i++) {
            $file .= sprintf "%s%x,a\n", $base, $i;
        }
        my $body = join "\r\n", '--xyz', 'Content-Disposition: form-data; name="file"; filename="a.csv"',
            'Content-Type: text/csv', '', $file, '--xyz--', '';
        $self->ask(request('POST', '/import', 'multipart/form-data; boundary=xyz', $body));
    });
}

1;
