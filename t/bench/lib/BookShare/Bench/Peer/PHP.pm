package BookShare::Bench::Peer::PHP;

# PHP-FPM with phpredis (peer/list.php): the usual way to make this page. A static pool as large as the workers', and
# otherwise the settings that Debian ships, OPcache among them.

use v5.20;
use warnings;

use parent 'BookShare::Bench::Peer';

sub name  {'php'}
sub label {'PHP-FPM with phpredis'}

sub fpm { my ($self) = @_; return $self->program('php-fpm8.2', 'php-fpm[0-9]*', 'php-fpm') }

sub missing {
    my ($self) = @_;
    my $fpm = $self->fpm // return ('php8.2-fpm', 'php-redis');
    return `$fpm -m 2>/dev/null` =~ /^redis$/m ? () : 'php-redis';
}

sub parameters { my ($self) = @_; return (SCRIPT_FILENAME => "$self->{folder}/list.php") }

sub prepare {
    my ($self) = @_;
    my $stack  = $self->stack;
    my $socket = $stack->socket('redis');
    my ($user) = getpwuid $>;
    unlink $self->socket, $stack->dir . '/php-directory.php';
    $stack->write_file('php-fpm.conf', <<"END");
[global]
error_log = ${\$self->log}
daemonize = no

[bench]
user = $user
listen = ${\$self->socket}
listen.mode = 0600
listen.backlog = 4096
pm = static
pm.max_children = $stack->{workers}
catch_workers_output = yes
env[BENCH_REDIS] = "$socket"
env[BENCH_PREFIX] = "$self->{prefix}"
env[BENCH_DIRECTORY] = "${\$stack->dir}/php-directory.php"
END
    return;
}

sub command {
    my ($self) = @_;
    my @root = ('--allow-to-run-as-root') x ($> == 0);
    return ($self->fpm, '--nodaemonize', '--fpm-config', $self->stack->dir . '/php-fpm.conf', @root);
}

1;
