# Which packages bootstrap asks for, by what is installed: of a database server, its client and its library only what is
# missing, and never one that would have to take the place of another.

use v5.20;
use warnings;

use Test::More tests => 7;

my $source = $ENV{BOOKSHARE_SOURCE} // '.';

# What is missing on a machine with these packages and programs; the program's output is that of its --version.
sub missing {
    my ($packages, %programs) = @_;
    open my $file, '<', "$source/bootstrap" or die "bootstrap: $!";
    my $script = do { local $/; readline $file };
    $script =~ s/^main "\$@"\n\z//m or die 'bootstrap no longer ends in its call of main';
    # As dpkg-query does it, which fails if it does not know all of the packages.
    $script .= 'dpkg-query() { local status=0 p; for p; do case $p in -*|\$*) ;; *) if [[ " $packages " == *" $p "* ]]; then'
        . ' printf "installed "; else status=1; fi;; esac; done; return $status; }' . "\n";
    $script .= 'command() { [[ " $programs " == *" $2 "* ]]; }' . "\n";
    $script .= "$_() { echo '$programs{$_}'; }\n" for keys %programs;
    $script .= "targets=(check)\nfind_missing_packages\nprintf '%s\\n' \"\${missing[\@]}\"\n";
    local @ENV{qw(packages programs)} = (join(' ', @$packages), join ' ', keys %programs);
    open my $run, '-|', 'bash', '-c', $script or die "bash: $!";
    my %missing = map { chomp; ($_ => 1) } readline $run;
    close $run or die 'bootstrap failed';
    # The parts that there is a choice in.
    return join ' ', sort grep {/mysql|maria|^redis|valkey/} keys %missing;
}

my $mariadb = 'Ver 10.11.14-MariaDB for debian-linux-gnu';
my $mysql   = 'Ver 9.7.4 for Linux on x86_64';

is missing([]), 'libmariadb-dev mariadb-client-core mariadb-server-core redis-server redis-tools', 'nothing is there';
is missing(['libmysqlclient-dev'], mysqld => $mysql, mysql => $mysql, 'redis-server' => '', 'redis-cli' => ''), '',
    'all of MySQL is there: nothing of MariaDB';
is missing(['libmariadb-dev'], mariadbd => $mariadb, mariadb => $mariadb, mysqld => $mariadb, mysql => $mariadb,
    'redis-server' => '', 'redis-cli' => ''), '', 'all of MariaDB is there';
is missing([], mysqld => $mysql, 'valkey-server' => '', 'valkey-cli' => ''), 'libmysqlclient-dev mysql-client-core',
    'a MySQL server alone: its client and its library';
is missing([], mysql => $mysql, 'valkey-server' => '', 'redis-cli' => ''), 'libmysqlclient-dev mysql-server-core',
    'a MySQL client alone: its server and its library';
is missing(['libmariadb-dev'], mysqld => $mysql, mysql => $mysql, 'redis-server' => '', 'redis-cli' => ''), '',
    q{a MySQL server and MariaDB's library};
is missing([], mysqld => $mariadb, mysql => $mariadb), 'libmariadb-dev redis-server redis-tools',
    q{MariaDB's programs by their old names};
