package BookShare::LyingRedis;

# A proxy between the workers and Redis. It forwards traffic in both directions and changes single replies on request:
#
#     my $liar = BookShare::LyingRedis->new($stack->socket('redis'), nil => sub { "\$-1\r\n" });
#     $stack->{env}{BOOKSHARE_REDIS_URL} = $liar->url;       # before the stack starts
#     $liar->lie('nil', qr/^EVALSHA /);
#     ...
#     my $count = $liar->told;                               # and it tells the truth again
#
# A kind of lie is code that gets a reply (a tree: see parse) and its bytes, and returns other bytes. A second value
# that is true closes the connection after them. What a reply is an answer to is a line that the regular expression is
# held against: the words of the command; for one of a transaction "QUEUED" and its words, for EXEC the words of all of
# them, with semicolons between.

use v5.20;
use warnings;

use File::Temp;
use IO::Select;
use IO::Socket::UNIX;
use POSIX ();

sub new {
    my ($class, $to, %kinds) = @_;
    my $dir  = File::Temp->newdir('bookshare-XXXXXX', DIR => '/tmp');
    my $self = bless { dir => $dir, to => $to, kinds => \%kinds, owner => $$ }, $class;
    my $listener = IO::Socket::UNIX->new(Local => $self->path('sock'), Listen => 64) or die "liar: $!";
    $self->write('rule', '');
    $self->write('told', '');
    $self->{pid} = fork // die;
    if (!$self->{pid}) {
        $SIG{PIPE} = 'IGNORE';
        $SIG{TERM} = $SIG{INT} = 'DEFAULT';
        eval { $self->serve($listener) };
        warn $@;
        POSIX::_exit(1);
    }
    return $self;
}

sub DESTROY {
    my ($self) = @_;
    return if $$ != $self->{owner} || !$self->{pid};
    local ($?, $!);
    kill 'TERM', $self->{pid};
    waitpid $self->{pid}, 0;
}

sub path { return "$_[0]{dir}/$_[1]" }
sub url  { return 'unix://' . $_[0]->path('sock') }

sub write {
    my ($self, $name, $text) = @_;
    open my $file, '>', $self->path("$name.new") or die $!;
    print {$file} $text;
    close $file or die $!;
    rename $self->path("$name.new"), $self->path($name) or die $!;
}

# Lies from now on, in each reply to what matches.
sub lie {
    my ($self, $kind, $match) = @_;
    $self->write('told', '');
    $self->write('rule', "$kind\n$match");
}

# Ends that. Returns the number of changed replies.
sub told {
    my ($self) = @_;
    $self->write('rule', '');
    return -s $self->path('told');
}

# ---- The server

sub serve {
    my ($self, $listener) = @_;
    my $select = IO::Select->new($listener);
    my %pair;    # by both of its sockets
    while (1) {
        for my $ready ($select->can_read(1)) {
            if ($ready == $listener) {
                my $client = $listener->accept or next;
                my $server = IO::Socket::UNIX->new(Peer => $self->{to});
                if (!$server) { close $client; next }
                $select->add($client, $server);
                $pair{$client} = $pair{$server} =
                    { client => $client, server => $server, from_client => '', from_server => '', asked => [] };
                next;
            }
            my $pair = $pair{$ready} or next;
            my $name = $ready == $pair->{client} ? 'client' : 'server';
            my $got  = sysread $ready, $pair->{"from_$name"}, 1 << 18, length $pair->{"from_$name"};
            next if $got && ($name eq 'client' ? $self->hand_on($pair) : $self->answer($pair));
            $select->remove($pair->{client}, $pair->{server});
            delete @pair{ $pair->{client}, $pair->{server} };
            close $pair->{$_} for qw(client server);
        }
    }
}

sub send_all {
    my ($socket, $bytes) = @_;
    for (my $at = 0; $at < length $bytes;) {
        my $sent = syswrite $socket, $bytes, length($bytes) - $at, $at or return 0;
        $at += $sent;
    }
    return 1;
}

# Hands requests on, and notes what was asked.
sub hand_on {
    my ($self, $pair) = @_;
    my $all = '';
    while (my ($tree, $len) = parse(\$pair->{from_client}, 0)) {
        $all .= substr $pair->{from_client}, 0, $len, '';
        my @words = map { $_->[1] } @{ $tree->[1] };
        my $line  = join ' ', @words[0 .. ($#words < 6 ? $#words : 6)];
        if ($words[0] eq 'MULTI') {
            $pair->{queued} = [];
        } elsif ($words[0] eq 'EXEC') {
            $line = 'EXEC ' . join ';', @{ delete $pair->{queued} // [] };
        } elsif ($pair->{queued}) {
            push @{ $pair->{queued} }, $line;
            $line = "QUEUED $line";
        }
        push @{ $pair->{asked} }, $line;
    }
    return send_all($pair->{server}, $all);
}

# Hands replies on, or lies.
sub answer {
    my ($self, $pair) = @_;
    my ($all, $is_end) = ('', 0);
    while (my ($tree, $len) = parse(\$pair->{from_server}, 0)) {
        my $bytes = substr $pair->{from_server}, 0, $len, '';
        my $asked = shift @{ $pair->{asked} } // '';
        my ($kind, $match) = split /\n/, slurp($self->path('rule')), 2;
        if (defined $match && $asked =~ /$match/s) {
            ($bytes, $is_end) = $self->{kinds}{$kind}->($tree, $bytes);
            open my $told, '>>', $self->path('told') or die $!;
            print {$told} '.';
        }
        $all .= $bytes;
        last if $is_end;
    }
    return send_all($pair->{client}, $all) && !$is_end;
}

sub slurp { open my $file, '<', $_[0] or return ''; local $/; return readline($file) // '' }

# ---- The protocol

# Parses what begins at a place: [type, value], value of '*' a list of such (undef: none). Returns that and the place
# after it; nothing if it is not whole yet.
sub parse {
    my ($bytes, $at) = @_;
    my $end = index $$bytes, "\r\n", $at;
    return if $end < 0;
    my ($type, $rest) = (substr($$bytes, $at, 1), substr $$bytes, $at + 1, $end - $at - 1);
    $at = $end + 2;
    return ([$type, $rest], $at) if $type =~ /[-+:]/;
    return ([$type, undef], $at) if $rest < 0;
    if ($type eq '$') {
        return if length $$bytes < $at + $rest + 2;
        return (['$', substr $$bytes, $at, $rest], $at + $rest + 2);
    }
    my @elements;
    for (1 .. $rest) {
        (my $element, $at) = parse($bytes, $at) or return;
        push @elements, $element;
    }
    return (['*', \@elements], $at);
}

# The bytes of a tree.
sub bytes {
    my ($tree) = @_;
    my ($type, $value) = @$tree;
    return "$type-1\r\n" if !defined $value;
    return '$' . length($value) . "\r\n$value\r\n" if $type eq '$';
    return '*' . @$value . "\r\n" . join '', map { bytes($_) } @$value if $type eq '*';
    return "$type$value\r\n";
}

1;
