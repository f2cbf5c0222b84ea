package BookShare::Bench::Nginx;

# The stack's nginx, with a location for each peer and one for static files. A peer's upstream is the workers' with
# another socket, so that all that is set there holds for both; the rest it inherits from the server block.

use v5.20;
use warnings;

use parent 'BookShare::Stack::Nginx';

sub prepare {
    my ($self) = @_;
    $self->SUPER::prepare;
    my $stack  = $self->stack;
    my $text   = $stack->read_file('nginx.conf');
    my $socket = $stack->socket('worker');
    my ($upstream) = $text =~ /^( *upstream bookshare \{.*?^ *\}\n)/ms or die "nginx.conf has no upstream bookshare\n";
    my ($upstreams, $locations) = ('', '');
    for my $peer (grep { $_->is_fastcgi } $stack->peers) {
        my $name = 'bench_' . $peer->name;
        my $own  = $peer->socket;
        $upstreams .= $upstream =~ s/upstream bookshare/upstream $name/r =~ s/\Q$socket\E/$own/gr;
        $locations .= location('= /bench/' . $peer->name, $self->parameters($peer),
            "fastcgi_pass $name;", 'add_header Retry-After "";');
    }
    $locations .= location('/bench/static/', qq{alias "$stack->{static}/";}, 'types { text/html html; }')
        if $stack->{static};
    $text =~ s/^(?= *upstream bookshare )/$upstreams/m;
    $text =~ s/^(\s*include "[^"]*locations";\n)/$1$locations/m or die "nginx.conf includes no locations\n";
    $stack->write_file('nginx.conf', $text);
    return;
}

# A location that adds a parameter has to repeat those of the server block.
sub parameters {
    my ($self, $peer) = @_;
    my %more = $peer->parameters or return;
    my @all  = $self->stack->slurp($self->stack->dir . '/web/bookshare.locations') =~ /^(fastcgi_param\s[^;]*;)/mg;
    return (@all, map { qq{fastcgi_param $_ "$more{$_}";} } sort keys %more);
}

sub location {
    my ($path, @lines) = @_;
    return join '', "        location $path {\n", map({"            $_\n"} @lines), "        }\n";
}

1;
