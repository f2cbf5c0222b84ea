package BookShare::UnreliableMySQL;

# A proxy in front of a real server that does, when told to, what servers and networks do at the worst moment. It passes
# everything else on.
#
#     my $proxy = BookShare::UnreliableMySQL->new(stack => $stack, meanwhile => sub { ... });
#     $proxy->defaults;                   # an option file for workers that reach the server through the proxy
#     $proxy->abort(qr/FOR UPDATE/);      # the next result of such a prepared statement ends in an error, as in a cluster
#                                         # whose other node was first; meanwhile: called once it is rolled back
#     $proxy->cut('before');              # the next COMMIT is lost with its connection; 'after': its answer is; 'for good':
#                                         # its answer is, and no connection is accepted until
#     $proxy->cut('hold');                # its answer is held back until the client has gone
#     $proxy->mend;
#     $proxy->told;                       # how often that has happened
#
# It reads the protocol of MySQL's clients as far as it needs: packets of three bytes of length and one of sequence.

use v5.20;
use warnings;

use IO::Select;
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_STREAM);

my ($QUERY, $PREPARE, $EXECUTE) = (0x03, 0x16, 0x17);

# Capabilities that neither side shall have: TLS; no packet at the end of rows (DEPRECATE_EOF); attributes of queries.
my $REFINED = 0x0800 | 1 << 24 | 1 << 27;

sub new {
    my ($class, %args) = @_;
    my $self = bless { %args, owner => $$ }, $class;
    my $listener = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $self->socket, Listen => 64) or die "proxy: $!\n";
    $self->{pid} = fork // die "fork: $!\n";
    $self->serve($listener) if !$self->{pid};
    return $self;
}

sub DESTROY { my ($self) = @_; local ($?, $!); kill 'TERM', $self->{pid} if $self->{owner} == $$; return }

sub socket { return $_[0]{stack}->dir . '/unreliable.sock' }
sub path   { return $_[0]{stack}->dir . "/unreliable.$_[1]" }

# The user's password is in the stack's own option file.
sub defaults {
    my ($self) = @_;
    my ($password) = $self->{stack}->slurp($self->{stack}->dir . '/my.cnf') =~ /^user = bookshare\npassword = (\w+)$/m or die 'no password';
    open my $out, '>', $self->path('cnf') or die $!;
    print {$out} "[bookshare]\nuser = bookshare\npassword = $password\nsocket = ", $self->socket, "\n";
    close $out or die $!;
    return $self->path('cnf');
}

# Tells the processes of the proxy what to do next.
sub order {
    my ($self, $name, $text) = @_;
    unlink $self->path('told');
    open my $file, '>', $self->path("$name.new") or die $!;
    print {$file} $text;
    close $file;
    rename $self->path("$name.new"), $self->path($name) or die $!;
    return;
}

sub abort { my ($self, $match) = @_; return $self->order('rule', $match) }
sub cut   { my ($self, $when)  = @_; return $self->order('cut',  $when) }

sub mend { my ($self) = @_; unlink $self->path('closed'); return }

sub note {
    my ($self) = @_;
    open my $told, '>>', $self->path('told') or die $!;
    print {$told} '.';
    close $told;
    return;
}

sub told { my ($self) = @_; return -s $self->path('told') // 0 }

sub serve {
    my ($self, $listener) = @_;
    $SIG{CHLD} = 'IGNORE';
    while (1) {
        my $client = $listener->accept or next;
        next if -e $self->path('closed') || fork;
        $SIG{CHLD} = 'DEFAULT';
        eval { $self->connection($client) };
        POSIX::_exit(0);
    }
}

sub connection {
    my ($self, $client) = @_;
    my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $self->{stack}->socket('mysql')) or die "server: $!\n";
    my %of = (texts => {}, text => '', state => 'greeting', left => 0);
    my ($up, $down) = ('', '');
    my $select = IO::Select->new($client, $server);
    while (1) {
        for my $socket ($select->can_read) {
            my $buffer = $socket == $client ? \$up : \$down;
            sysread $socket, $$buffer, 65536, length $$buffer or return;
            while (length $$buffer >= 4 && length $$buffer >= 4 + length_of($$buffer)) {
                my $packet = substr $$buffer, 0, 4 + length_of($$buffer), '';
                if ($socket == $client) {
                    $self->lose_commit($packet, $client, $server) if is_commit($packet);
                    send_all($server, asked(\%of, $packet));
                } else {
                    send_all($client, $self->answered(\%of, $packet, $server));
                }
            }
        }
    }
}

sub length_of { my ($low, $high) = unpack 'vC', $_[0]; return $low | $high << 16 }

sub send_all {
    my ($socket, $bytes) = @_;
    while (length $bytes) {
        my $sent = syswrite($socket, $bytes) or die "gone\n";
        substr $bytes, 0, $sent, '';
    }
    return;
}

sub is_commit { return $_[0] =~ /^...\0\x03COMMIT$/s }

# Loses a COMMIT if that is wanted: ends the process of its connection.
sub lose_commit {
    my ($self, $packet, $client, $server) = @_;
    open my $file, '<', $self->path('cut') or return;
    my $when = readline $file;
    unlink $self->path('cut') or return;
    if ($when ne 'before') {
        send_all($server, $packet);
        read_packet($server);
    }
    if ($when eq 'for good') {
        open my $closed, '>', $self->path('closed') or die $!;
        close $closed;
    }
    $self->note;
    sysread $client, my $nothing, 1 if $when eq 'hold';
    POSIX::_exit(0);
}

sub read_packet {
    my ($server) = @_;
    my $reply = '';
    while (length $reply < 4 || length $reply < 4 + length_of($reply)) {
        sysread $server, $reply, 65536, length $reply or die "gone\n";
    }
    return $reply;
}

# Records which statement is prepared or executed; returns what the server gets instead of a packet of the client.
sub asked {
    my ($of, $packet) = @_;
    my ($sequence, $command) = unpack 'x3CC', $packet;
    if ($of->{state} eq 'login') {
        $of->{state} = 'other';
        return plain_login($packet);
    }
    return $packet if $of->{state} eq 'greeting' || $sequence != 0;
    if ($command == $PREPARE) {
        @$of{qw(state text)} = ('prepared', substr $packet, 5);
    } elsif ($command == $EXECUTE) {
        @$of{qw(state text)} = ('executed', $of->{texts}{ unpack 'x5V', $packet } // '');
    } else {
        $of->{state} = 'other';
    }
    return $packet;
}

# Returns what the client gets instead of a packet of the server.
sub answered {
    my ($self, $of, $packet, $server) = @_;
    my $first = ord substr $packet, 4, 1;
    my $is_end = $first == 0xFE && length_of($packet) < 9;
    if ($of->{state} eq 'greeting') {
        $of->{state} = 'login';
        return plain_greeting($packet);
    } elsif ($of->{state} eq 'prepared') {
        $of->{texts}{ unpack 'x5V', $packet } = $of->{text} if $first == 0;
        $of->{state} = 'other';
    } elsif ($of->{state} eq 'executed') {
        $of->{state} = $first == 0 || $first == 0xFF ? 'other' : 'columns';
    } elsif ($of->{state} eq 'columns') {
        $of->{state} = 'rows' if $is_end;
    } elsif ($of->{state} eq 'rows' && ($is_end || $first == 0xFF)) {
        $of->{state} = 'other';
        return $is_end && $self->is_meant($of->{text}) ? $self->abort_now($packet, $server) : $packet;
    }
    return $packet;
}

# The greeting without what would change the form of results.
sub plain_greeting {
    my ($packet) = @_;
    return $packet if ord(substr $packet, 4, 1) != 10;
    my $at = 5 + length((unpack 'x5Z*', $packet)[0]) + 1 + 4 + 8 + 1;
    my ($low, $high) = (unpack('v', substr $packet, $at, 2), unpack('v', substr $packet, $at + 5, 2));
    my $plain = ($low | $high << 16) & ~$REFINED;
    substr $packet, $at, 2, pack 'v', $plain & 0xFFFF;
    substr $packet, $at + 5, 2, pack 'v', $plain >> 16;
    substr $packet, $at + 14, 4, "\0" x 4;
    return $packet;
}

# The client's answer to it. MySQL's library does without what the server has not offered, but claims it all the same.
sub plain_login {
    my ($packet) = @_;
    substr $packet, 4, 4, pack 'V', unpack('V', substr $packet, 4, 4) & ~$REFINED;
    return $packet;
}

sub is_meant {
    my ($self, $text) = @_;
    open my $file, '<', $self->path('rule') or return 0;
    my $match = readline $file;
    return $text =~ /$match/s && unlink $self->path('rule');
}

sub abort_now {
    my ($self, $packet, $server) = @_;
    send_all($server, pack('VC', 9, $QUERY) . 'ROLLBACK');
    read_packet($server);
    $self->{meanwhile}->();
    $self->note;
    my $error = pack('Cv', 0xFF, 1213) . '#40001Deadlock found when trying to get lock; try restarting transaction';
    return pack('V', length($error) | ord(substr $packet, 3, 1) << 24) . $error;
}

1;
