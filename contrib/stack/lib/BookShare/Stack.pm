package BookShare::Stack;

# A private Book Share in a folder: MariaDB or MySQL, Redis or Valkey (BookShare::Stack::Servers), a pool of workers and
# nginx, on Unix sockets and one port of 127.0.0.1, loaded with invented books. `make run`, the tests and the benchmarks
# all use it.
#
#     my $stack = BookShare::Stack->new(dir => 'var', build => 'build', source => '.', rows => 1000);
#     $stack->start;
#     my $address = $stack->url('/list');
#     my ($row)   = $stack->mysql('SELECT title FROM music WHERE book_id = ...');
#     $stack->kill('redis', 'KILL');
#     $stack->start_redis;
#     my @bad = $stack->problems;
#     $stack->stop;
#
# new takes
#     dir             folder of the stack; created if missing, its content is kept and reused
#     build, source   the folders of a build and of its sources
#     prefix          instead of build: an installation, as in DESTDIR/usr/local
#     scratch         folder for what stacks share [the build's, or dir]
#     rows            number of books to load into an empty table [0]
#     port            of nginx; 0: a free one [0]
#     base            base path of the site, as in BOOKSHARE_BASE ['']
#     hosts           the host names that the site accepts ['localhost 127.0.0.1 [::1]']
#     workers         [2]
#     worker          program of the workers [bookshare-worker of the build]
#     page_files      true: nginx serves page files [0]
#     pool            'supervised', or 'plain' for spawn-fcgi alone ['supervised']
#     limits          true: nginx limits requests and connections of one client (nginx/bookshare.map) [0]
#     nginx           more lines for nginx's server block ['']
#     env             {NAME => VALUE} for the workers
#     durable         true: commits survive a crash of the machine; for use outside of tests
#     mysql_defaults  option file of an existing server, instead of a private one
#     redis_url       the same for Redis
#     say             code called with a line for each event [none]
#     progress        code called with (done, total) while books are loaded
#
# It stops what it started: on `stop`, when the object is destroyed, when the program exits or gets SIGINT or SIGTERM,
# and with its guard if the program is killed. It signals only processes that it started.

use v5.20;
use warnings;

use Cwd qw(abs_path);
use Fcntl qw(:flock);
use File::Path qw(make_path);
use File::Temp;
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);

use parent 'BookShare::Stack::Tools';

use BookShare::Stack::Books;
use BookShare::Stack::Guard;
use BookShare::Stack::MySQL;
use BookShare::Stack::Nginx;
use BookShare::Stack::Patience;
use BookShare::Stack::Pool;
use BookShare::Stack::Redis;

# In start order.
my @PARTS = qw(mysql redis pool nginx);
my %CLASS = (mysql => 'MySQL', redis => 'Redis', pool => 'Pool', nginx => 'Nginx');

# The maximum length of a Unix socket path is 107 bytes.
my $LONGEST_SOCKET = 107;

my %live;    # the running stacks of this process, by address

# ---- Creating and starting

sub new {
    my ($class, %args) = @_;
    my $self = bless {
        rows => 0, port => 0, base => '', hosts => 'localhost 127.0.0.1 [::1]', workers => 2, page_files => 0, limits => 0, nginx => '', pool => 'supervised', env => {}, durable => 0,
        say => sub { }, progress => sub { },
        %args,
    }, $class;
    length($self->{$_} // '') || delete $self->{$_} for qw(prefix mysql_defaults redis_url);
    $self->{dir} && $self->{source} && ($self->{build} || $self->{prefix}) or die "a stack needs dir, source and build\n";
    $self->{pool} =~ /^(supervised|plain)$/ or die "pool must be supervised or plain, not '$self->{pool}'\n";
    make_path "$self->{dir}/log", "$self->{dir}/tmp";
    $self->{hosts} =~ /^[\w.:\[\] -]+$/ or die "hosts must be names separated by blanks, not '$self->{hosts}'\n";
    for my $path (grep {defined} @$self{qw(dir build source prefix mysql_defaults)}) {
        $path = -e $path && abs_path($path) || die "$path: $!\n";
        $path =~ /["\\\$\n]/ and die "$path must not contain quotes, backslashes or dollar signs\n";
    }

    # The server programs may not be in the user's PATH.
    my %on_path = map { $_ => 1 } split /:/, $ENV{PATH};
    $ENV{PATH} = join ':', $ENV{PATH}, grep { !$on_path{$_} } qw(/usr/local/sbin /usr/sbin /sbin);

    $self->{part}{$_} = "BookShare::Stack::$CLASS{$_}"->new($self) for @PARTS;
    return $self;
}

# Starts everything and loads the books.
sub start {
    my ($self) = @_;
    my @servers = (('mysql') x !$self->{mysql_defaults}, ('redis') x !$self->{redis_url});
    $self->begin;
    $self->{part}{$_}->spawn for @servers;
    for my $name (@servers) {
        $self->{part}{$name}->wait_ready;
        $self->tell_started($name);
    }
    BookShare::Stack::Books->new($self)->load;
    $self->start_pool;
    $self->start_nginx;
    return;
}

sub start_mysql { $_[0]->start_part('mysql') }
sub start_redis { $_[0]->start_part('redis') }
sub start_pool  { $_[0]->start_part('pool') }
sub stop_mysql  { $_[0]{part}{mysql}->stop }
sub stop_redis  { $_[0]{part}{redis}->stop }
sub stop_pool   { $_[0]{part}{pool}->stop }
sub stop_nginx  { $_[0]{part}{nginx}->stop }

sub start_part {
    my ($self, $name) = @_;
    $self->begin;
    $self->{part}{$name}->start;
    $self->tell_started($name);
    return;
}

sub tell_started {
    my ($self, $name) = @_;
    my $about = $self->{part}{$name}->about;
    $self->tell("$name started" . ($about ? " ($about)" : ''));
    return;
}

# The product and version of mysql or redis, as in 'MySQL 9.7.4'.
sub about { my ($self, $name) = @_; return $self->{part}{$name}->about }

# A free port may have been taken meanwhile: then try another one.
sub start_nginx {
    my ($self) = @_;
    return $self->start_part('nginx') if $self->{port};
    for my $try (1 .. 5) {
        $self->{port} = BookShare::Stack::Nginx::free_port();
        return if eval { $self->start_part('nginx'); 1 };
        die $@ if $@ !~ /Address already in use/ || $try == 5;
    }
    return;
}

# Prepares the start: locks the folder and starts the guard.
sub begin {
    my ($self) = @_;
    return if $self->{guard};
    $self->lock_folder;
    $self->write_settings;
    $self->{guard} = BookShare::Stack::Guard->new;
    $self->{owner} = $$;
    weaken($live{$self} = $self);
    for my $signal (qw(INT TERM)) {
        next if $SIG{$signal} && $SIG{$signal} ne 'DEFAULT';
        $SIG{$signal} = sub {
            stop_all();
            $SIG{$signal} = 'DEFAULT';
            kill $signal, $$;
        };
    }
    return;
}

# Only one stack at a time uses a folder. The guard of a killed one holds the lock until everything is stopped.
sub lock_folder {
    my ($self) = @_;
    my $path = "$self->{dir}/lock";
    open my $lock, '+>>', $path or die "$path: $!\n";
    my $end = time + patience(60);
    until (flock $lock, LOCK_EX | LOCK_NB) {
        seek $lock, 0, 0;
        my $pid = readline($lock) // '';
        chomp $pid;
        die "A stack is already running in $self->{dir} (process $pid)\n"
            if $pid =~ /^\d+$/ && BookShare::Stack::Proc::birth($pid) || time > $end;
        sleep 0.05;
    }
    truncate $lock, 0;
    syswrite $lock, "$$\n";
    $self->{lock} = $lock;
    return;
}

# ---- Stopping

sub stop {
    my ($self) = @_;
    return if !$self->{guard} || $self->{owner} != $$;
    local ($?, $!, $@);
    $self->{part}{$_}->stop for reverse @PARTS;
    (delete $self->{guard})->release;
    unlink "$self->{dir}/$_.sock" for qw(mysql redis worker);
    delete @$self{qw(lock sockets)};
    delete $live{$self};
    return;
}

# Kills everything immediately.
sub abandon {
    my ($self) = @_;
    $self->{part}{$_}->signal('KILL') for @PARTS;
    return $self->stop;
}

sub stop_all { $_ && $_->stop for values %live }

END { stop_all() }

sub DESTROY { $_[0]->stop }

# ---- Paths

sub dir     { $_[0]{dir} }
sub base    { $_[0]{base} }
sub port    { $_[0]{port} }
sub guard   { $_[0]{guard} }
sub durable { $_[0]{durable} }

# The URL of a path of the site, below its base path.
sub url { my ($self, $path) = @_; return "http://127.0.0.1:$self->{port}$self->{base}" . ($path // '/') }

# The log of worker, mysql, redis or nginx.
sub log { my ($self, $name) = @_; return "$self->{dir}/log/$name.log" }

# The Unix socket of mysql, redis or worker. If its path is too long, a symbolic link with a short path leads to it.
sub socket {
    my ($self, $name) = @_;
    my $path = "$self->{dir}/$name.sock";
    return $path if length $path <= $LONGEST_SOCKET;
    $self->{sockets} //= File::Temp->newdir('bookshare-XXXXXX', DIR => '/tmp');
    my $short = "$self->{sockets}/$name.sock";
    unlink $path;
    symlink $short, $path or die "$path: $!\n";
    return $short;
}

# The path of a program of Book Share, built or installed.
sub program {
    my ($self, $name) = @_;
    return "$self->{build}/$name" if !$self->{prefix};
    my ($found) = grep {-x} map {"$self->{prefix}/$_/$name"} qw(bin sbin);
    return $found // die "$name is not installed in $self->{prefix}\n";
}

# The path of a script in contrib, which is installed beside the programs.
sub script {
    my ($self, $name) = @_;
    return $self->{prefix} ? $self->program($name) : "$self->{source}/contrib/$name";
}

# The path of another program.
sub find_program {
    my ($self, $name) = @_;
    my ($found) = grep {-x} map {"$_/$name"} split /:/, $ENV{PATH};
    return $found // die "$name is missing\n";
}

# A file or folder that is installed in share/bookshare.
sub shared_file {
    my ($self, $path) = @_;
    return $self->{prefix} ? "$self->{prefix}/share/bookshare/$path" : "$self->{source}/$path";
}

# The folder that holds static/.
sub static_root { my ($self) = @_; return $self->{prefix} ? $self->shared_file('') : $self->{build} }

# The folder of the page files; without page_files => 1 one that never exists.
sub pages { my ($self) = @_; return $self->{page_files} ? "$self->{dir}/pages" : "$self->{dir}/no-pages" }

# A folder shared by all stacks of a build.
sub scratch {
    my ($self) = @_;
    my $base = $self->{scratch} // ($self->{build} && -w $self->{build} ? $self->{build} : $self->{dir});
    make_path "$base/stack";
    return "$base/stack";
}

sub database { $_[0]{env}{BOOKSHARE_MYSQL_DATABASE} // $ENV{BOOKSHARE_MYSQL_DATABASE} // 'music_share' }

# The content of an option file for a worker, with these options.
sub login { my ($self, @options) = @_; return $self->{part}{mysql}->login(@options) }

# The settings of this stack. They are in the environment of everything that the stack starts, so that the caller's
# settings have no effect, and in a file for `bookshare`.
sub settings {
    my ($self) = @_;
    return (
        BOOKSHARE_MYSQL_DEFAULTS => $self->{mysql_defaults} // $self->{part}{mysql}->defaults_file,
        BOOKSHARE_REDIS_URL      => $self->{redis_url} // $self->{part}{redis}->url,
        BOOKSHARE_AUTH           => 'open',
        (BOOKSHARE_BASE          => $self->{base}) x !!length $self->{base},
        BOOKSHARE_HOSTS          => $self->{hosts},
        BOOKSHARE_TEMPLATES      => $self->shared_file('templates'),
        BOOKSHARE_FIND_INDEX     => $self->{dir} . '/index',
        BOOKSHARE_SHARED         => $self->{dir} . '/shared',
        (BOOKSHARE_PAGE_FILES    => $self->pages) x !!$self->{page_files},
    );
}

sub settings_file { return "$_[0]{dir}/environment" }

sub write_settings {
    my ($self) = @_;
    my %settings = $self->settings;
    open my $file, '>', $self->settings_file or die $self->settings_file, ": $!\n";
    chmod 0600, $file;
    for my $name (sort keys %settings) {
        $settings{$name} =~ /'/ and die "$name must not contain single quotes\n";
        print {$file} "$name='$settings{$name}'\n";
    }
    close $file or die $self->settings_file, ": $!\n";
    return;
}

# Names that tests, benchmarks and this launcher take from the environment. To Book Share they would be unknown settings;
# empty, they count as not set.
my $FOREIGN = 'BUILD|SOURCE|KEEP|TEST_\w+|CHROMIUM|SERVERS|SCREENSHOTS|GOLDEN|RENDER';

# The environment of the workers, and of `bookshare`.
sub env {
    my ($self) = @_;
    return (
        (map { $_ => '' } grep {/^BOOKSHARE_(?:$FOREIGN)$/} keys %ENV),
        BOOKSHARE_SETTINGS => $self->settings_file,
        $self->settings,
        ASAN_OPTIONS       => $ENV{ASAN_OPTIONS}  // 'detect_leaks=1:strict_string_checks=1',
        UBSAN_OPTIONS      => $ENV{UBSAN_OPTIONS} // 'print_stacktrace=1',
        %{ $self->{env} },
    );
}

# ---- Signals and supervision

# Sends a signal to mysql, redis, nginx, pool, or to every worker. KILL, STOP and CONT reach the whole process group.
sub kill {
    my ($self, $name, $signal) = @_;
    return CORE::kill($signal, $self->pids('worker')) if $name eq 'worker';
    my $part = $self->{part}{$name} // die "unknown part '$name'\n";
    my $sent = $part->signal($signal);
    if ($signal =~ /^(SIG)?KILL$/) {
        sleep 0.01 while $part->alive;
        $part->clear_away;
    }
    return $sent;
}

# SIGSTOP stops each thread when it is scheduled; until then it may still answer.
sub pause {
    my ($self, $name) = @_;
    my $sent = $self->kill($name, 'STOP');
    my $end  = time + patience(10);
    sleep 0.005 while time < $end && grep { BookShare::Stack::Proc::is_running($_) } $self->pids($name);
    return $sent;
}

sub resume { $_[0]->kill($_[1], 'CONT') }

# The process IDs of worker, pool, mysql, redis or nginx.
sub pids {
    my ($self, $name) = @_;
    return $self->{part}{pool}->workers if $name eq 'worker';
    return $self->{part}{$name}->pids;
}

# The part that has exited unexpectedly; undef if all are running.
sub dead_part {
    my ($self) = @_;
    my ($dead) = grep { $self->{part}{$_}{pid} && !$self->{part}{$_}->alive } @PARTS;
    return $dead;
}

# Patterns that no log should contain.
my %BAD = (
    worker => qr/^\S+ error \d+ |Sanitizer|runtime error:|Assertion|^bookshare-pool:|core dumped/i,
    mysql  => qr/got signal|\[ERROR\]/,
    redis  => qr{BUG REPORT|crashed by signal},
    nginx  => qr/\[(alert|emerg|crit)\]/,
    apache => qr/^\S+ error \d+ |Sanitizer|runtime error:/,    # what workers of mod_fcgid say (t/lib/BookShare/Apache.pm)
);

# The lines of the logs with problems.
sub problems {
    my ($self) = @_;
    my @bad;
    for my $name (sort keys %BAD) {
        open my $log, '<', $self->log($name) or next;
        while (my $line = readline $log) {
            chomp $line;
            push @bad, "$name: $line" if $line =~ $BAD{$name};
        }
    }
    return @bad;
}

# ---- For the parts

sub tell { my ($self, $line) = @_; return $self->{say}->($line) }

1;
