# A site of somebody who is not root: bookshare-site starts an installed nginx and workers below a folder.

use v5.20;
use warnings;
use utf8;

use BookShare::Apache;
use BookShare::Stack::Nginx;
use BookShare::Stack::Proc qw(birth parent);
use BookShare::Test;
use File::Temp;

my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
chmod 0711, $place;
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
my $said = `make -C '$ENV{BOOKSHARE_BUILD}' install DESTDIR='$place' prefix=/me/bookshare 2>&1`;
die $said if $?;
my $scratch = become_user("$place");

my $stack = stack(rows => 120, start => 0, build => undef, scratch => $scratch, prefix => "$place/me/bookshare");
$stack->start_mysql;
$stack->start_redis;
BookShare::Stack::Books->new($stack)->load;

my $folder = "$place/me/site";
my %site   = ($stack->settings, BOOKSHARE_BASE => '/~me/books', BOOKSHARE_PAGE_FILES => "$folder/pages", SITE_FOLDER => $folder);

# Runs it with these settings; returns its status and what it says.
sub site {
    my ($command, %more) = @_;
    my %settings = (%site, %more);
    my $file = $stack->dir . '/site.settings';
    $stack->write_file('site.settings', join '', map { defined $settings{$_} ? "$_='$settings{$_}'\n" : () } sort keys %settings);
    local %ENV = map { $_ => $ENV{$_} } grep { !/^BOOKSHARE_/ } keys %ENV;    # the test's own would be unknown settings
    my ($status, @texts) = $stack->run_program('', $stack->program('bookshare-site'), $command, $file);
    return ($status >> 8, join '', @texts);
}

# The workers of the site, without their children, which build what they serve.
sub site_workers {
    my @pids;
    for my $path (glob '/proc/[0-9]*/cmdline') {
        open my $file, '<', $path or next;    # it has just ended
        my ($program) = split /\0/, readline($file) // '';
        push @pids, $path =~ /(\d+)/ if ($program // '') eq "$stack->{prefix}/sbin/bookshare-worker";
    }
    my %seen = map { $_ => 1 } @pids;
    return grep { !$seen{ parent($_) } } @pids;
}

sub process {
    my ($name) = @_;
    my ($pid) = ($stack->slurp("$folder/$name.process")) =~ /^(\d+)/;
    return $pid;
}

topic 'settings that it needs, and good ones' => 10, sub {
    my @cases = (
        [SITE_LISTEN => undef, qr/needs SITE_LISTEN/], [BOOKSHARE_HOSTS => undef, qr/needs BOOKSHARE_HOSTS/],
        map({ [SITE_LISTEN => $_, qr/SITE_LISTEN must be an address and a port/] } '8080', ':8080', '127.0.0.1:', '127.0.0.1:80a', 'a b:80'),
        [SITE_WORKERS => 0, qr/SITE_WORKERS must be/], [SITE_WORKERS => 1000, qr/SITE_WORKERS must be/],
        [BOOKSHARE_BASE => '/a/', qr/not a base path/],
    );
    for (@cases) {
        my ($name, $value, $expected) = @$_;
        my ($status, $text) = site('start', SITE_LISTEN => '127.0.0.1:1234', $name => $value);
        ok $status == 2 && $text =~ $expected, "$name=" . ($value // '') or diag $text;
    }
};

# The rest is the same with runit and without. A topic that dies must not leave the site running.
for my $runit (1, 0) {
    topic $runit ? 'with runit' : 'without runit' => 21, sub {
        return if eval { live($runit); 1 };
        my $why = $@;
        site('stop');
        die $why;
    };
}

sub live {
    my ($runit) = @_;
    my $tools = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
    local $ENV{PATH} = $ENV{PATH};
    if (!$runit) {    # a PATH with everything but runsv
        for my $dir (grep {-d} split(/:/, $ENV{PATH}), qw(/usr/local/sbin /usr/sbin /sbin)) {
            for my $program (grep { !/\/(?:runsv|sv)$/ } glob "$dir/*") { symlink $program, "$tools/" . $program =~ s{.*/}{}r }
        }
        $ENV{PATH} = "$tools";
    }
    $stack->{port} = BookShare::Stack::Nginx::free_port();
    local $stack->{base} = $site{BOOKSHARE_BASE};
    $site{SITE_LISTEN} = "127.0.0.1:$stack->{port}";
    is +(site('status'))[0], 3, 'nothing runs yet';
    local $SIG{HUP} = 'IGNORE';    # as below nohup
    my ($status, $text) = site('start');
    is $status, 0, 'it starts' or die $text;
    like $text, qr{^started: http://127\.0\.0\.1:$stack->{port}/~me/books/$}m;
    is GET('/list')->{status}, 200, 'a page';
    like visible(GET('/list')), qr/120 books/, 'of the books';
    ok wait_for('a page file', 15, sub { header(GET('/list'), 'Cache-Status') =~ /page-file/ }), 'page files';
    is raw("GET /list HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")->{status}, 421, 'another host name is refused';
    ($status, $text) = site('start');
    is "$status $text", "0 it runs already\n", 'started again, it does nothing';
    is +(site('status'))[0], 0, 'all runs';

    my ($nginx, $pool) = map { process($_) } qw(nginx pool);
    my @before = site_workers();
    cmp_ok scalar @before, '==', 2, 'two workers';
    CORE::kill('KILL', $before[0]);
    ok wait_for('another worker', 15, sub { my @now = site_workers(); @now == 2 && !grep { $_ == $before[0] } @now }), 'a killed one is replaced';
    @before = site_workers();
    ($status, $text) = site('reload');
    is $status, 0, 'reload' or diag $text;
    ok wait_for('new workers', 15, sub { my @now = site_workers(); my %old = map { $_ => 1 } @before; @now == 2 && !grep { $old{$_} } @now }), 'has new workers';
    is join(' ', map { process($_) } qw(nginx pool)), "$nginx $pool", 'and keeps the rest';
    is GET('/list?search=the')->{status}, 200;

    CORE::kill('KILL', $nginx);
    wait_for('nginx to die', 5, sub { !defined birth($nginx) });
    is +(site('status'))[0], 1, 'a part that died is reported';
    ($status, $text) = site('start');
    is $status, 0, 'and started again' or diag $text;
    is GET('/')->{status}, 200;
    my @now = map { process($_) } qw(nginx pool);
    ($status, $text) = site('stop');
    is $status, 0, 'stop' or diag $text;
    ok wait_for('their end', 5, sub { !grep { defined birth($_) } @now }), 'both have ended';    # the lock goes a moment earlier
    is +(site('status'))[0], 3;
    return;
}

run_topics;
