package BookShare::Stack::MySQL;

# The private MariaDB or MySQL of a stack, on a Unix socket. All clients use its option file, my.cnf:
#     mariadb --defaults-file=DIR/my.cnf music_share    opens the database as its owner, as does mysql
#     [bookshare]                                       is the login of the workers, which may read and write rows

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

# A clean shutdown writes what is in memory.
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
    die "$data was created by $maker and cannot be used by ", $self->about, "\n" if $maker ne server()->{product};
    $self->write_configuration($data);
    unlink $self->socket;
    return;
}

# An empty data directory, created once for all stacks of a build.
sub pristine {
    my ($self) = @_;
    my $stack = $self->stack;
    my $place = $stack->scratch;
    my $made  = "$place/mysql-" . about() =~ tr/ /-/r;
    open my $lock, '>', "$place/lock" or die "$place/lock: $!\n";
    flock $lock, LOCK_EX or die "$place/lock: $!\n";
    return $made if -d $made;

    $stack->run_quietly('rm', '-rf', "$made.new");
    local $ENV{TMPDIR} = $stack->dir . '/tmp';    # servers that start remove temporary tables of others from a shared one
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
# For tests: commits survive a crash of the server, not of the machine.
innodb_flush_log_at_trx_commit = 2
innodb_doublewrite = OFF
END
    # The X protocol would use a port, and the default of secure_file_priv may not exist.
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
# MariaDB's programs read this too.
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
    # MariaDB only lets the system's root log in as root; a MySQL initialised like this lets everyone.
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

# The login group of a worker's option file. Oracle's library reads the names of all character sets from a file and
# passes unterminated parts of it to strtol(), for which AddressSanitizer ends the worker (strict_string_checks). The only
# character set in use is built in, so we point the library to a folder without that file.
sub login {
    my ($self, @options) = @_;
    push @options, 'character-sets-dir' => '"' . $self->stack->dir . '/no-charsets"' if is_mysql();
    my $group = "[bookshare]\n";
    while (my ($name, $value) = splice @options, 0, 2) {
        $group .= "$name = $value\n";
    }
    return $group;
}

# The passwords of owner and worker: reused from the last start, so that existing clients keep working.
sub passwords {
    my ($self) = @_;
    my $known = $self->stack->read_file('my.cnf') // '';
    my @known = $known =~ /^password = ([0-9a-f]{32})$/mg;
    return @known if @known == 2;
    open my $random, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
    return map { read $random, my $bytes, 16; unpack 'H*', $bytes } 1, 2;
}

sub command { (server()->{program}, '--defaults-file=' . $_[0]->defaults_file) }

# It accepts connections early and sends its greeting when it is ready.
sub is_ready {
    my ($self) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $self->socket) or return 0;
    return IO::Select->new($socket)->can_read(0.2) && $socket->sysread(my $greeting, 16);
}

1;
