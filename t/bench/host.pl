#!/usr/bin/perl
# Book Share on a shared host under load: Apache with mod_fcgid and .htaccess, ten connections to MySQL, no Redis.
#
#     make bench-host [ROWS=500000] [SECONDS=60] [CLIENTS=100,1000] [CONNECTIONS=8] [LIMIT=10]
#
#     CLIENTS      of ab, one run after the other
#     CONNECTIONS  BOOKSHARE_MYSQL_CONNECTIONS
#     LIMIT        MAX_USER_CONNECTIONS of the account
#
# Each kind of page is asked for without a pause, beside Apache's own static file. Prints a table, and the connections of
# the account at most and at rest. Exit status: 1 if an answer failed or the owner of the account could not log in.

use v5.20;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib", "$FindBin::Bin/../../contrib/stack/lib";

use File::Path qw(make_path);
use File::Spec;
use File::Temp;
use HTTP::Tiny;
use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Apache;
use BookShare::Bench::Report qw(number table machine load);
use BookShare::Bench::Variants qw(settings);
use BookShare::Stack;

$| = 1;
$SIG{INT} = $SIG{TERM} = $SIG{HUP} = sub { exit 130 };

my %set   = settings({ ROWS => 500_000, SECONDS => 60, CLIENTS => '100,1000', CONNECTIONS => 8, LIMIT => 10 }, @ARGV);
my $build = File::Spec->rel2abs($ENV{BOOKSHARE_BUILD} // '.');
my $began = time;

sub note { printf "%6.1f s  %s\n", time - $began, join '', @_ }

# ---- The host

my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
chmod 0711, $place;
my ($home, $base) = ("$place/me", '/~me/books');
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
my $said = `make -C '$build' install DESTDIR='$place' prefix=/me/bookshare 2>&1`;
die $said if $?;
make_path("$home/public_html/books", "$home/stack");
my $scratch = become_user("$place");

my $stack = BookShare::Stack->new(
    dir => "$home/stack", source => "$place", scratch => $scratch, prefix => "$home/bookshare", rows => $set{ROWS}, base => $base,
    redis_url => 'off', env => { BOOKSHARE_MYSQL_CONNECTIONS => $set{CONNECTIONS} }, say => \&note,
);
$stack->start_mysql;
BookShare::Stack::Books->new($stack)->load;
$stack->mysql("ALTER USER bookshare\@localhost WITH MAX_USER_CONNECTIONS $set{LIMIT}");
$stack->write_file('host.settings', join '', settings_of_host());
$stack->run_quietly($stack->script('bookshare-webconf'), 'apache', "$home/public_html/books", "$home/stack/host.settings");

sub settings_of_host {
    my %settings = ($stack->settings, BOOKSHARE_MYSQL_CONNECTIONS => $set{CONNECTIONS}, BOOKSHARE_PAGE_FILES => "$home/public_html/books/pages");
    return map {"$_='$settings{$_}'\n"} sort keys %settings;
}

my $apache = BookShare::Apache->new($stack);
my $port   = $apache->site(qq{UserDir "$place/*/public_html"\n<Directory "$place/*/public_html">\n}
        . "Options SymLinksIfOwnerMatch\nAllowOverride All\nRequire all granted\n</Directory>");
$apache->start;
my $address = "http://127.0.0.1:$port$base";

# ---- Measuring

# The connections of the account.
sub connections { return ($stack->mysql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'bookshare'"))[0][0] }

# Whether the owner of the account can log in. There may be room for no more than one at a time.
sub owner_gets_in {
    my ($client) = $stack->mysql_client;
    local $ENV{MYSQL_PWD} = ($stack->read_file('my.cnf') =~ /^user = bookshare\npassword = (\w+)$/m)[0];
    my ($status) = $stack->run_program('', $client, '--no-defaults', '--socket=' . $stack->socket('mysql'), '--user=bookshare', '-e', 'DO 1');
    return $status == 0;
}

# Waits until the index and the page files are there.
sub settle {
    my $http = HTTP::Tiny->new(timeout => 60);
    for (my $end = time + 300; ; sleep 0.2) {
        my ($page, $search) = map { $http->get("$address$_")->{headers}{'cache-status'} // '' } '/list?page=2', '/list?search=moon';
        return if $page =~ /page-file/ && $search =~ /find-index/;
        die "not at rest after 300 s: $page; $search\n" if time > $end;
    }
    return;
}

# Runs ab; returns its figures, and what was seen of MySQL meanwhile.
sub run {
    my ($name, $path, $clients) = @_;
    my $output = $stack->dir . '/ab.out';
    my $ab     = fork // die "fork: $!\n";
    if (!$ab) {
        open STDOUT, '>', $output or die "$output: $!\n";
        open STDERR, '>&', \*STDOUT;
        exec 'ab', '-q', '-l', '-c', $clients, '-t', $set{SECONDS}, '-n', 100_000_000, '-s', 60, "$address$path" or POSIX::_exit(127);
    }
    $stack->guard->watch($ab);
    my ($most, $refused, $tried) = (0, 0, 0);
    while (waitpid($ab, POSIX::WNOHANG()) == 0) {
        my $now = connections();
        $most = $now if $now > $most;
        $tried++;
        $refused++ if !owner_gets_in();
        sleep 0.25;
    }
    my $text = $stack->slurp($output);
    my %figures = (name => $name, clients => $clients, most => $most, refused => $refused, tried => $tried);
    my %line    = (complete => 'Complete requests', failed => 'Failed requests', other => 'Non-2xx responses', rate => 'Requests per second');
    for my $key (keys %line) {
        ($figures{$key}) = $text =~ /^$line{$key}:\s+([\d.]+)/m;
        $figures{$key} //= 0;
    }
    ($figures{"p$_"}) = $text =~ /^\s+$_%\s+(\d+)/m for 50, 99;
    note("$name, $clients clients: $figures{complete} answers, $figures{failed} failed, $figures{other} other than 2xx, p99 ", $figures{p99} // '-', ' ms');
    return \%figures;
}

# The connections that are left when nobody has asked for anything.
sub at_rest {
    for (my $end = time + 30; time < $end; sleep 0.5) {
        return 0 if !connections();
    }
    return connections();
}

settle();
note('load ', load());
my ($style) = HTTP::Tiny->new->get("$address/")->{content} =~ m{href="\Q$base\E(/static/[^"]*bookshare[^"]*css[^"]*)"};
my @pages = (['static file', $style], ['page file', '/list?page=2'], ['page', '/list?page=3&x'], ['search', '/list?search=moon']);
my @runs  = map { my $clients = $_; map { run(@$_, $clients) } @pages } split /,/, $set{CLIENTS};
my $rest  = at_rest();
my @bad   = $stack->problems;
$apache->stop;
$stack->stop;

my $machine = machine();
printf "\n%d books, BOOKSHARE_MYSQL_CONNECTIONS %d of %d, no Redis, %d s each; %s, %d cores\n\n", @set{qw(ROWS CONNECTIONS LIMIT SECONDS)},
    @$machine{qw(processor cores)};
print table(
    ['clients', 'what', 'answers', 'a second', 'failed', 'other than 2xx', 'p50 ms', 'p99 ms', 'connections at most', 'owner refused'],
    map { [@$_{qw(clients name complete)}, number($_->{rate}), @$_{qw(failed other)}, map({ $_ // '-' } @$_{qw(p50 p99)}), $_->{most}, "$_->{refused} of $_->{tried}"] } @runs
);
print "\nConnections at rest: $rest\n";
print "\nComplaints:\n", map {"    $_\n"} @bad > 10 ? @bad[0 .. 9] : @bad if @bad;
exit((grep { $_->{failed} || $_->{other} || $_->{refused} } @runs) ? 1 : 0);
