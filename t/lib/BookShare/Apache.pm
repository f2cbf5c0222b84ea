package BookShare::Apache;

# A private Apache with mod_fcgid and mod_proxy_fcgi, as a host has it: on ports of 127.0.0.1, beside the nginx of a stack,
# with all its files in the stack's folder.
#
#     my $scratch = become_user($place);                 # before the stack: Apache does not serve as root
#     my $apache = BookShare::Apache->new($stack);
#     my $port   = $apache->site($lines);                # the lines of a virtual host
#     $apache->start;
#     $apache->stop;

use v5.20;
use warnings;

use parent 'BookShare::Stack::Service';

use Exporter 'import';
use IO::Socket::INET;
use POSIX ();

use BookShare::Stack::Nginx;

our @EXPORT = qw(become_user);

# The modules that Debian enables, and those that a shared host adds.
my @MODULES = qw(mpm_event auth_basic auth_openidc authn_core authn_file authz_core authz_host authz_user access_compat alias autoindex deflate dir env fcgid filter headers mime
    negotiation proxy proxy_fcgi reqtimeout rewrite setenvif userdir);

sub name {'apache'}

sub sites { return @{ $_[0]{sites} //= [] } }

# Adds a virtual host; returns its port.
sub site {
    my ($self, $lines) = @_;
    my $port = BookShare::Stack::Nginx::free_port();
    push @{ $self->{sites} }, [$port, $lines];
    return $port;
}

sub folder { return $_[0]->stack->dir . '/apache' }

sub prepare {
    my ($self) = @_;
    my $folder = $self->folder;
    mkdir $folder;
    my @lines = (
        (map {"LoadModule ${_}_module /usr/lib/apache2/modules/mod_$_.so"} @MODULES),
        qq{ServerRoot "$folder"}, 'ServerName localhost', 'PidFile apache.pid', "DefaultRuntimeDir $folder",
        # Not "file", as in Debian's file: that is fcntl(), which takes threads that wait for each other's process for a
        # deadlock (EDEADLK), and then mod_fcgid loses its table of processes.
        qq{Mutex "flock:$folder" default},
        'ErrorLog ' . $self->log, 'LogLevel warn', 'ServerTokens Prod', 'ServerSignature Off', 'AcceptPathInfo On',
        'StartServers 1', 'ServerLimit 4', 'ThreadsPerChild 64', 'MaxRequestWorkers 256', 'MinSpareThreads 64', 'MaxSpareThreads 256',
        'FcgidIPCDir ipc', 'FcgidProcessTableFile fcgid', 'FcgidMaxProcesses 8', 'FcgidMinProcessesPerClass 0', 'FcgidConnectTimeout 20',
        # As in Debian's files: what .htaccess must get along with.
        'TypesConfig /dev/null', 'AddType application/x-gzip .gz .tgz', 'AddType text/html .html', 'AddOutputFilterByType DEFLATE text/html text/css',
        'DirectoryIndex index.html index.php',
        '<Directory />', 'AllowOverride None', 'Options None', 'Require all denied', '</Directory>',
        map { ("Listen 127.0.0.1:$_->[0]", "<VirtualHost 127.0.0.1:$_->[0]>", $_->[1], '</VirtualHost>') } $self->sites,
    );
    $self->stack->write_file('apache.conf', join "\n", @lines, '');
    return;
}

sub command { my ($self) = @_; return ('apache2', '-D', 'FOREGROUND', '-f', $self->stack->dir . '/apache.conf') }

sub is_ready {
    my ($self) = @_;
    return !grep { !defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_->[0]) } $self->sites;
}

# Makes root another user for the rest of the program, and a folder the property of that user, who may not be able to
# enter the folders of the build and of its sources. Returns the folder for what stacks share.
sub become_user {
    my ($place) = @_;
    my $build = $ENV{BOOKSHARE_BUILD} // '.';
    return $build if $> != 0;
    mkdir "$place/stack";
    my @finished = grep { !/\.new$/ } glob "$build/stack/*";    # another test may be making one
    system('cp', '-R', @finished, "$place/stack") == 0 or die "cp failed\n" if @finished;
    my (undef, undef, $uid, $gid) = getpwnam 'nobody' or die "no user nobody\n";
    system('chown', '-R', "$uid:$gid", $place) == 0 or die "chown failed\n";
    $) = "$gid $gid";
    POSIX::setgid($gid) && POSIX::setuid($uid) or die "cannot become nobody: $!\n";
    $ENV{HOME} = '/nonexistent';
    @ENV{qw(BOOKSHARE_BUILD BOOKSHARE_SOURCE)} = ("$place") x 2;
    @INC = grep {-x} @INC;    # require fails at a folder that it may not enter
    chdir '/';
    return $place;
}

1;
