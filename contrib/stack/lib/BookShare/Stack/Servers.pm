package BookShare::Stack::Servers;

# Selects the servers of a stack: MariaDB or MySQL, Redis or Valkey; the first one installed, in this order.
# BOOKSHARE_SERVERS overrides the choice:
#     BOOKSHARE_SERVERS='mysqld valkey-server' make check

use v5.20;
use warnings;

# The name of each server in the output of --version, and its clients, best one first.
my %CLIENTS = (
    MariaDB => ['mariadb', 'mysql'],
    MySQL   => ['mysql', 'mariadb'],
    Redis   => ['redis-cli', 'valkey-cli'],
    Valkey  => ['valkey-cli', 'redis-cli'],
);

# How to get the version of each kind and parse it. A program's name does not tell what it is: MariaDB includes a
# mysqld, and Valkey may include a redis-server.
my %KINDS = (
    database => {
        product => 'MariaDB',
        servers => ['mariadbd', 'mysqld'],
        ask     => '--no-defaults --version',
        read    => sub { $_[0] =~ /Ver (\d+[\d.]*)(\S*MariaDB)?/ ? ($2 ? 'MariaDB' : 'MySQL', $1) : () },
        hint    => 'mariadb-server-core',
    },
    cache => {
        product => 'Redis',
        servers => ['redis-server', 'valkey-server'],
        ask     => '--version',
        read    => sub { $_[0] =~ /^(Redis|Valkey) server v=(\S+)/m },
        hint    => 'redis-server',
    },
);

my %found;    # cache of the results, by kind

# The server of a kind, 'database' or 'cache': {program, product ('MySQL'), version ('9.7.0')}. Dies if there is none.
sub server {
    my ($kind) = @_;
    return $found{$kind} //= find($kind) // die join(' or ', @{ $KINDS{$kind}{servers} }),
        " is missing (Debian: $KINDS{$kind}{hint})\n";
}

# The product and version of a server: 'MySQL 9.7.0'.
sub about { my $server = server(@_); return "$server->{product} $server->{version}" }

# The client program: the one for the server of this kind, or any if only a client is installed.
sub client {
    my ($kind) = @_;
    my $server = $found{$kind} //= find($kind);
    my @clients = @{ $CLIENTS{ $server ? $server->{product} : $KINDS{$kind}{product} } };
    my ($client) = grep { is_installed($_) } @clients;
    return $client // die join(' or ', @clients), " is missing\n";
}

sub find {
    my ($kind) = @_;
    my @servers = @{ $KINDS{$kind}{servers} };
    my @wanted = grep { my $name = $_; grep { $_ eq $name } @servers } split ' ', $ENV{BOOKSHARE_SERVERS} // '';
    for my $program (grep { is_installed($_) } @wanted ? @wanted : @servers) {
        my ($product, $version) = $KINDS{$kind}{read}->(scalar `$program $KINDS{$kind}{ask} 2>&1`) or next;
        return { program => $program, product => $product, version => $version };
    }
    return;
}

sub is_installed { my ($program) = @_; return scalar grep {-x "$_/$program"} split /:/, $ENV{PATH} }

1;
