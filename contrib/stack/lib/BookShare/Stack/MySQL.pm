package BookShare::Stack::MySQL;

# A MariaDB or MySQL of the stack's own, on a unix socket. Its option file, my.cnf, serves everybody:
#     mariadb --defaults-file=DIR/my.cnf music_share    opens the database as its owner; so does mysql
#     [bookshare]                                       is what the workers log in with; it may read and write rows

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use Fcntl qw(:flock);
use IO::Select;
use IO::Socket::UNIX;

use BookShare::Stack::Servers;

sub name {'mysql'}

sub server   { return BookShare::Stack::Servers::server('database') }
sub about    { return BookShare::Stack::Servers::about('database') }
sub is_mysql { return server()->{product} eq 'MySQL' }

# A clean end writes what is in memory.
sub grace {60}

sub socket        { $_[0]->stack->socket('mysql') }
sub defaults_file { $_[0]->stack->dir . '/my.cnf' }

sub prepare {
    my ($self) = @_;
    my $stack = $self->stack;
    my $data  = $stack->dir . '/mysql';
    if (!-d $data) {
        $stack->run_quietly('cp', '-a', $self->pristine, "$data.new");
        rename "$data.new", $data or die "$data: $!\n";
    }
    my $maker = -e "$data/mysql.ibd" ? 'MySQL' : 'MariaDB';
    die "$data is of $maker, and cannot be used by ", $self->about, "\n" if $maker ne server()->{product};
    $self->write_configuration($data);
    unlink $self->socket;
    return;
}

# An empty data directory, made once for all stacks of a build.
sub pristine {
    my ($self) = @_;
    my $stack = $self->stack;
    my $place = $stack->scratch;
    my $made  = "$place/mysql-" . about() =~ tr/ /-/r;
    open my $lock, '>', "$place/lock" or die "$place/lock: $!\n";
    flock $lock, LOCK_EX or die "$place/lock: $!\n";
    return $made if -d $made;

    $stack->run_quietly('rm', '-rf', "$made.new");
    $stack->run_quietly($self->install_command("$made.new"), $> == 0 ? '--user=root' : ());
    rename "$made.new", $made or die "$made: $!\n";
    return $made;
}

sub install_command {
    my ($self, $data) = @_;
    return (server()->{program}, '--no-defaults', '--initialize-insecure', "--datadir=$data", '--secure-file-priv=NULL',
        '--innodb-redo-log-capacity=8M', '--skip-log-bin') if is_mysql();
    return ('mariadb-install-db', '--no-defaults', "--datadir=$data", '--skip-test-db', '--skip-name-resolve',
        '--auth-root-authentication-method=socket', '--innodb-log-file-size=4M');
}

sub write_configuration {
    my ($self, $data) = @_;
    my $stack = $self->stack;
    my ($dir, $socket) = ($stack->dir, $self->socket);
    my ($owner, $worker) = $self->passwords;
    my $user = $> == 0 ? 'user = root' : '';
    my ($buffer, $log_size, $quick) = $stack->durable ? ('512M', '256M', '') : ('128M', '16M', <<'END');
# For tests: what is committed outlives this server, not the machine.
innodb_flush_log_at_trx_commit = 2
innodb_doublewrite = OFF
END
    # Its X protocol would take a port, and the default folder of files that SQL may read and write need not exist.
    my ($log_option, $only) = is_mysql() ? ('innodb_redo_log_capacity', <<'END') : ('innodb_log_file_size', '');
mysqlx = OFF
secure_file_priv = NULL
END
    $stack->write_file('my.cnf', <<"END");
# Written at each start of the stack in this folder.

[client]
socket = "$socket"
user = owner
password = $owner
default-character-set = utf8mb4

${\$self->login(user => 'bookshare', password => $worker)}
# Read by MariaDB's programs, too.
[mysql]
local_infile = ON

[mysqld]
$user
datadir = "$data"
socket = "$socket"
pid_file = "$dir/mysql.pid"
log_error = "${\$self->log}"
tmpdir = "$dir/tmp"
init_file = "$dir/init.sql"
skip_networking
skip_name_resolve
skip_log_bin
performance_schema = OFF
character_set_server = utf8mb4
collation_server = utf8mb4_unicode_520_ci
max_connections = 200
innodb_buffer_pool_size = $buffer
$log_option = $log_size
local_infile = ON
$quick
$only
END
    my $database = $stack->database;
    # MariaDB lets the system's root in as root, and nobody else; a MySQL made like ours lets in everybody.
    my $lock = is_mysql() ? 'ALTER USER root@localhost ACCOUNT LOCK;' : '';
    $stack->write_file('init.sql', <<"END");
CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE USER IF NOT EXISTS owner\@localhost;
ALTER USER owner\@localhost IDENTIFIED BY '$owner';
GRANT ALL ON *.* TO owner\@localhost WITH GRANT OPTION;
CREATE USER IF NOT EXISTS bookshare\@localhost;
ALTER USER bookshare\@localhost IDENTIFIED BY '$worker';
GRANT SELECT, INSERT, UPDATE, DELETE ON $database.* TO bookshare\@localhost;
$lock
END
    return;
}

# The group of an option file that a worker logs in with. Oracle's library reads the names of all character sets from a
# file, and gives strtol() parts of it without a NUL behind them, for which AddressSanitizer ends the worker
# (strict_string_checks). The only character set that is used is built in: the file is looked for where there is none.
sub login {
    my ($self, @options) = @_;
    push @options, 'character-sets-dir' => '"' . $self->stack->dir . '/no-charsets"' if is_mysql();
    my $group = "[bookshare]\n";
    while (my ($name, $value) = splice @options, 0, 2) {
        $group .= "$name = $value\n";
    }
    return $group;
}

# The passwords of owner and worker: those of the last start, so that what is open elsewhere goes on working.
sub passwords {
    my ($self) = @_;
    my $known = $self->stack->read_file('my.cnf') // '';
    my @known = $known =~ /^password = ([0-9a-f]{32})$/mg;
    return @known if @known == 2;
    open my $random, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
    return map { read $random, my $bytes, 16; unpack 'H*', $bytes } 1, 2;
}

sub command { (server()->{program}, '--defaults-file=' . $_[0]->defaults_file) }

# It takes connections early, and greets when it is ready for them.
sub is_ready {
    my ($self) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $self->socket) or return 0;
    return IO::Select->new($socket)->can_read(0.2) && $socket->sysread(my $greeting, 16);
}

1;
