# setup, the script of the archive that `make bundle` makes: what it refuses, what it writes, and that it may run again.
# t/shape/bundle runs it in whole systems, with its questions.

use v5.20;
use warnings;
use utf8;

use BookShare::Apache;
use BookShare::Test;
use File::Path qw(make_path);
use File::Temp;

my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
chmod 0711, $place;
my $home = "$place/me";
my $here = "$home/bookshare";
my ($build, $source) = @ENV{qw(BOOKSHARE_BUILD BOOKSHARE_SOURCE)};

# What setup needs of an archive.
make_path(map {"$here/$_"} qw(bin sbin share/bookshare));
system('cp', '-R', @$_) == 0 or die "cp failed\n" for ["$build/bookshare", "$here/bin"], ["$source/contrib/bookshare-webconf", "$here/sbin"],
    ["$source/contrib/bundle/setup", $here], ["$source/apache", "$source/templates", "$build/static", "$here/share/bookshare"];
make_path("$home/public_html/other");
my $scratch = become_user("$place");

my $stack = stack(rows => 0, start => 0, build => undef, scratch => $scratch, prefix => $here);
$stack->start_mysql;
my $password = q{it's "quoted" \\ # $HOME};
my $quoted   = $password =~ s/([\\'])/\\$1/gr;
$stack->mysql(qq{CREATE DATABASE shared; CREATE USER me\@localhost IDENTIFIED BY '$quoted';
    GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX ON shared.* TO me\@localhost});

my %good = (
    SETUP_URL => 'http://127.0.0.1:9/~me/books/', SETUP_WEB => 'apache', SETUP_FOLDER => "$home/public_html/books/",
    SETUP_MYSQL_HOST => $stack->socket('mysql'), SETUP_MYSQL_USER => 'me', SETUP_MYSQL_PASSWORD => $password,
    SETUP_MYSQL_DATABASE => 'shared', SETUP_ADMIN => 'ann', SETUP_ADMIN_PASSWORD => 'a secret of ann',
);

# Runs it with answers in a file and in the environment; returns its exit status and what it says. What a relocatable
# build finds by itself is in the environment here.
sub set_up {
    my ($answers, %environment) = @_;
    my $file = $stack->dir . '/answers';
    $stack->write_file('answers', ref $answers ? join('', map { defined $answers->{$_} ? "$_=$answers->{$_}\n" : () } sort keys %$answers) : $answers);
    chmod delete $environment{mode} // 0600, $file;
    local %ENV = (
        (map { $_ => $ENV{$_} } grep { !/^BOOKSHARE_/ } keys %ENV), HOME => $home,
        BOOKSHARE_TEMPLATES => "$here/share/bookshare/templates", BOOKSHARE_FIND_INDEX => "$here/var/index",
        BOOKSHARE_SHARED => $stack->dir . '/shared', BOOKSHARE_MYSQL_DEFAULTS => "$here/etc/bookshare/my.cnf", %environment,
    );
    my ($status, @texts) = $stack->run_program('', "$here/setup", $file);
    return ($status >> 8, join '', @texts);
}

topic 'what it refuses, and then writes nothing' => 44, sub {
    $stack->write_file('other', "Options All\n");
    rename $stack->dir . '/other', "$home/public_html/other/.htaccess" or die;
    my @cases = (
        [qr/^setup: SETUP_URL: an answer is missing$/m, SETUP_URL => undef],
        (map { [qr/^setup: SETUP_URL: /m, SETUP_URL => $_] } 'example.org', 'http:///books', 'http://"a"/', 'http://a:8o/'),
        [qr/BOOKSHARE_BASE must be a path/, SETUP_URL => 'http://example.org/a b'],
        [qr/^setup: SETUP_WEB: apache or nginx, not 'iis'$/m, SETUP_WEB => 'iis'],
        [qr/needs a port/, SETUP_WEB => 'nginx', SETUP_URL => 'http://example.org/'],
        [qr/is not an absolute path/, SETUP_FOLDER => 'public_html'],
        [qr/contains \Q$here\E/, SETUP_FOLDER => $home],
        [qr/there is no folder/, SETUP_FOLDER => "$home/none/books"],
        [qr/must not contain quotes/, SETUP_FOLDER => "$home/public_html/a'b"],
        [qr/has the \.htaccess of another site/, SETUP_FOLDER => "$home/public_html/other"],
        [qr/a number of bytes/, SETUP_UPLOAD => '1M'],
        (map { [qr/a number from 3 to 258, not '$_'/, SETUP_MYSQL_CONNECTIONS => $_] } 2, 259),
        [qr/Access denied/, SETUP_MYSQL_PASSWORD => 'wrong'],
        [qr/^setup: .*MySQL/m, SETUP_MYSQL_HOST => '/nowhere.sock'],
        [qr/line \d+: unknown name SETUP_URI/, SETUP_URI => 'http://example.org/'],
        [qr/others may read .*answers/, mode => 0640],
    );
    for (@cases) {
        my ($expected, %answers) = @$_;
        my %mode = map { $_ => delete $answers{$_} } grep { exists $answers{$_} } 'mode';
        my ($status, $text) = set_up({ %good, %answers }, %mode);
        ok $status == 1 && $text =~ $expected, join ' ', map { $_ // '-' } %answers, %mode or diag "$status $text";
        is_deeply [glob "$here/etc/bookshare/*"], [], 'nothing is written';
    }
    my ($status, $text) = set_up("SETUP_URL\n");
    like $text, qr/line 1: not NAME=value/;
    is -e "$home/public_html/books", undef, 'no folder is made';
    is_deeply [$stack->mysql('SHOW TABLES FROM shared')], [], 'nor tables';
    is $status, 1;
};

topic 'with answers' => 12, sub {
    my ($status, $text) = set_up({ %good, SETUP_WEB => 'iis' }, SETUP_WEB => 'apache');    # the environment overrides the file
    is $status, 0 or diag $text;
    like $text, qr/^    added table music$/m;
    like $text, qr/^    MySQL: fine, /m;
    like $text, qr/^    People: 1, of whom 1 may write$/m;
    like $text, qr{^Open http://127\.0\.0\.1:9/~me/books/$}m;
    unlike $text, qr/\Q$password\E|a secret of ann/, 'no password is shown';
    my $settings = $stack->slurp("$here/etc/bookshare/environment");
    like $settings, qr{^BOOKSHARE_HOSTS=127\.0\.0\.1\nBOOKSHARE_BASE=/~me/books\nBOOKSHARE_URL=http://127\.0\.0\.1:9\nBOOKSHARE_MYSQL_DATABASE=shared$}m;
    like $settings, qr/^BOOKSHARE_MYSQL_CONNECTIONS=8$/m, 'two below the ten of most hosts';
    unlike $settings, qr/password/i;
    is_deeply [map { (stat "$here/etc/bookshare/$_")[2] & 07777 } qw(environment my.cnf)], [0600, 0600], 'both files are private';
    ok -e "$home/public_html/books/.htaccess";
    like $stack->slurp("$home/public_html/books/bookshare.fcgi"), qr{BOOKSHARE_SETTINGS='\Q$here\E/etc/bookshare/environment'};
};

topic 'again: it keeps the settings, and makes what is missing' => 6, sub {
    my @files  = map {"$here/etc/bookshare/$_"} qw(environment my.cnf);
    my @before = map { $stack->slurp($_) } @files;
    unlink "$home/public_html/books/.htaccess" or die;
    my ($status, $text) = set_up({ %good, SETUP_URL => 'http://example.org/elsewhere/' });
    is $status, 0 or diag $text;
    like $text, qr/^Settings: kept/m;
    like $text, qr/^    The tables were up to date\.$/m;
    like $text, qr/^Admin: there is one$/m;
    is_deeply [map { $stack->slurp($_) } @files], \@before;
    ok -e "$home/public_html/books/.htaccess";
};

run_topics;
