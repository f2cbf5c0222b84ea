package BookShare::Stack;

# A private Book Share in a folder: MariaDB or MySQL, Redis or Valkey (BookShare::Stack::Servers), a pool of workers and
# nginx, on unix sockets and one port of 127.0.0.1, loaded with invented books. `make run`, the tests and the benchmarks
# all start the application this way.
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
#     dir             folder of the stack, made if it isn't there; what is in it stays and is used again
#     build, source   the folders of a build and of its sources
#     prefix          in the place of build: where Book Share is installed, as in DESTDIR/usr/local
#     rows            how many books to load into an empty table [0]
#     port            of nginx; 0 takes a free one [0]
#     hosts           the names that the site answers for ['localhost 127.0.0.1 [::1]']
#     workers         [2]
#     worker          the program of the workers [bookshare-worker of the build]
#     page_files      true: nginx answers with page files where there are any [0]
#     pool            'supervised', or 'plain' for spawn-fcgi alone ['supervised']
#     limits          true: nginx limits requests and connections of one client (nginx/bookshare.map) [0]
#     env             {NAME => VALUE} for the workers
#     durable         true: MySQL's commits outlive the machine, as they must when it isn't a test
#     mysql_defaults  option file of a server that exists, in the place of a private one
#     redis_url       the same for Redis
#     say             code that is told, in a line each, what happens; nobody is by default
#     progress        code that is told (done, total) while books are loaded
#
# What it started it stops: at `stop`, when the object goes, when the program ends or gets SIGINT or SIGTERM, and by
# its guard if the program is killed. It signals only processes that it started.

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

# In the order of their start.
my @PARTS = qw(mysql redis pool nginx);
my %CLASS = (mysql => 'MySQL', redis => 'Redis', pool => 'Pool', nginx => 'Nginx');

# A path of a unix socket may have 107 bytes.
my $LONGEST_SOCKET = 107;

my %live;    # the stacks of this process that run, by address

# ---- Making and starting

sub new {
    my ($class, %args) = @_;
    my $self = bless {
        rows => 0, port => 0, hosts => 'localhost 127.0.0.1 [::1]', workers => 2, page_files => 0, limits => 0, pool => 'supervised', env => {}, durable => 0,
        say => sub { }, progress => sub { },
        %args,
    }, $class;
    length($self->{$_} // '') || delete $self->{$_} for qw(prefix mysql_defaults redis_url);
    $self->{dir} && $self->{source} && ($self->{build} || $self->{prefix}) or die "a stack needs dir, source and build\n";
    $self->{pool} =~ /^(supervised|plain)$/ or die "pool is supervised or plain, not '$self->{pool}'\n";
    make_path "$self->{dir}/log", "$self->{dir}/tmp";
    $self->{hosts} =~ /^[\w.:\[\] -]+$/ or die "hosts are names with blanks between, not '$self->{hosts}'\n";
    for my $path (grep {defined} @$self{qw(dir build source prefix mysql_defaults)}) {
        $path = -e $path && abs_path($path) || die "$path: $!\n";
        $path =~ /["\\\$\n]/ and die "$path: no quotes, backslashes or dollar signs, please\n";
    }

    # Programs of servers are not on everybody's path.
    my %on_path = map { $_ => 1 } split /:/, $ENV{PATH};
    $ENV{PATH} = join ':', $ENV{PATH}, grep { !$on_path{$_} } qw(/usr/local/sbin /usr/sbin /sbin);

    $self->{part}{$_} = "BookShare::Stack::$CLASS{$_}"->new($self) for @PARTS;
    return $self;
}

# Starts all of it and loads the books.
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

# What database or cache calls itself, as in 'MySQL 9.7.4': part is mysql or redis.
sub about { my ($self, $name) = @_; return $self->{part}{$name}->about }

# A port that was free may be so no longer: then another one.
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

# What comes before the first part: the folder is ours alone, and what is started has its guard.
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

# One stack at a time in a folder. One that was killed has a guard, which holds the lock until all is stopped.
sub lock_folder {
    my ($self) = @_;
    my $path = "$self->{dir}/lock";
    open my $lock, '+>>', $path or die "$path: $!\n";
    my $end = time + patience(60);
    until (flock $lock, LOCK_EX | LOCK_NB) {
        seek $lock, 0, 0;
        my $pid = readline($lock) // '';
        chomp $pid;
        die "A stack runs already in $self->{dir} (process $pid)\n"
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

# Kills all of it, for those who can't wait.
sub abandon {
    my ($self) = @_;
    $self->{part}{$_}->signal('KILL') for @PARTS;
    return $self->stop;
}

sub stop_all { $_ && $_->stop for values %live }

END { stop_all() }

sub DESTROY { $_[0]->stop }

# ---- Where things are

sub dir     { $_[0]{dir} }
sub port    { $_[0]{port} }
sub guard   { $_[0]{guard} }
sub durable { $_[0]{durable} }

# The address of a path.
sub url { my ($self, $path) = @_; return "http://127.0.0.1:$self->{port}" . ($path // '/') }

# The log of worker, mysql, redis or nginx.
sub log { my ($self, $name) = @_; return "$self->{dir}/log/$name.log" }

# The unix socket of mysql, redis or worker. In a folder whose path is too long for it, a link leads to the real one.
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

# A program of ours, built or installed.
sub program {
    my ($self, $name) = @_;
    return "$self->{build}/$name" if !$self->{prefix};
    my ($found) = grep {-x} map {"$self->{prefix}/$_/$name"} qw(bin sbin);
    return $found // die "$name is not installed in $self->{prefix}\n";
}

# Where a program of somebody else's is, for those who don't look themselves.
sub find_program {
    my ($self, $name) = @_;
    my ($found) = grep {-x} map {"$_/$name"} split /:/, $ENV{PATH};
    return $found // die "$name is missing\n";
}

# A file or folder that is installed below share/bookshare.
sub shared_file {
    my ($self, $path) = @_;
    return $self->{prefix} ? "$self->{prefix}/share/bookshare/$path" : "$self->{source}/$path";
}

# The folder that holds static/.
sub static_root { my ($self) = @_; return $self->{prefix} ? $self->shared_file('') : $self->{build} }

sub locations { $_[0]->shared_file('nginx/bookshare.locations') }

# The folder of the page files; without page_files => 1 one that is never there.
sub pages { my ($self) = @_; return $self->{page_files} ? "$self->{dir}/pages" : "$self->{dir}/no-pages" }

# A folder for what all stacks of a build share.
sub scratch {
    my ($self) = @_;
    my $base = $self->{build} && -w $self->{build} ? $self->{build} : $self->{dir};
    make_path "$base/stack";
    return "$base/stack";
}

sub database { $_[0]{env}{BOOKSHARE_MYSQL_DATABASE} // $ENV{BOOKSHARE_MYSQL_DATABASE} // 'music_share' }

# What an option file for a worker holds, with these options.
sub login { my ($self, @options) = @_; return $self->{part}{mysql}->login(@options) }

# What is set for this stack. It is in the environment of what the stack starts, so that settings of whoever starts it do
# not matter, and in a file for `bookshare` on its own.
sub settings {
    my ($self) = @_;
    return (
        BOOKSHARE_MYSQL_DEFAULTS => $self->{mysql_defaults} // $self->{part}{mysql}->defaults_file,
        BOOKSHARE_REDIS_URL      => $self->{redis_url} // $self->{part}{redis}->url,
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
        $settings{$name} =~ /'/ and die "$name: no single quotes, please\n";
        print {$file} "$name='$settings{$name}'\n";
    }
    close $file or die $self->settings_file, ": $!\n";
    return;
}

# The environment of the workers, and of `bookshare`.
sub env {
    my ($self) = @_;
    return (
        BOOKSHARE_SETTINGS => $self->settings_file,
        $self->settings,
        ASAN_OPTIONS       => $ENV{ASAN_OPTIONS}  // 'detect_leaks=1:strict_string_checks=1',
        UBSAN_OPTIONS      => $ENV{UBSAN_OPTIONS} // 'print_stacktrace=1',
        %{ $self->{env} },
    );
}

# ---- Disturbing them, and looking after them

# Sends a signal to mysql, redis, nginx, pool, or to every worker. KILL, STOP and CONT reach a whole part.
sub kill {
    my ($self, $name, $signal) = @_;
    return CORE::kill($signal, $self->pids('worker')) if $name eq 'worker';
    my $part = $self->{part}{$name} // die "there is no part '$name'\n";
    my $sent = $part->signal($signal);
    if ($signal =~ /^(SIG)?KILL$/) {
        sleep 0.01 while $part->alive;
        $part->clear_away;
    }
    return $sent;
}

# A signal stops each thread when its turn comes, and until then it may still answer.
sub pause {
    my ($self, $name) = @_;
    my $sent = $self->kill($name, 'STOP');
    my $end  = time + patience(10);
    sleep 0.005 while time < $end && grep { BookShare::Stack::Proc::is_running($_) } $self->pids($name);
    return $sent;
}

sub resume { $_[0]->kill($_[1], 'CONT') }

# The numbers of the processes of worker, pool, mysql, redis or nginx.
sub pids {
    my ($self, $name) = @_;
    return $self->{part}{pool}->workers if $name eq 'worker';
    return $self->{part}{$name}->pids;
}

# The part that was started and has ended on its own; nothing as long as all is well.
sub dead_part {
    my ($self) = @_;
    my ($dead) = grep { $self->{part}{$_}{pid} && !$self->{part}{$_}->alive } @PARTS;
    return $dead;
}

# What no log should hold.
my %BAD = (
    worker => qr/^\S+ error \d+ |Sanitizer|runtime error:|Assertion|^bookshare-pool:|core dumped/i,
    mysql  => qr/got signal|\[ERROR\]/,
    redis  => qr{BUG REPORT|crashed by signal},
    nginx  => qr/\[(alert|emerg|crit)\]/,
);

# The lines of the logs that tell of trouble.
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
