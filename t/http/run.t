# `run`, as a newcomer starts it: it reports when it is ready, serves, and stops on a signal.

use v5.20;
use warnings;
use utf8;

use File::Temp;
use HTTP::Tiny;
use Test::More tests => 6;

use BookShare::Stack::Nginx;
use BookShare::Stack::Patience;

my ($build, $source) = map { $_ // '.' } @ENV{qw(BOOKSHARE_BUILD BOOKSHARE_SOURCE)};
my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $port   = BookShare::Stack::Nginx::free_port();

# Reads what it says until a line matches; returns all that was said.
sub said_until {
    my ($out, $pattern) = @_;
    my $said = '';
    local $SIG{ALRM} = sub { die "no line like $pattern in:\n$said" };
    alarm patience(60);
    while (my $line = readline $out) {
        $said .= $line;
        last if $line =~ $pattern;
    }
    alarm 0;
    return $said;
}

my $pid = open my $out, '-|', "exec '$^X' '$source/contrib/stack/run' BUILD='$build' SOURCE='$source' VAR='$folder'"
    . " ROWS=150 PORT=$port WORKERS=2 2>&1" or die "run: $!";
my $said = said_until($out, qr/^ready/);
like $said, qr{^ready http://127\.0\.0\.1:$port/$}m, 'it is ready and says where';
my $http = HTTP::Tiny->new(max_redirect => 0);
like $http->get("http://127.0.0.1:$port/")->{content}, qr/A shared catalogue of books/, 'the home page';
like $http->get("http://127.0.0.1:$port/list?page=2")->{content}, qr/Showing 101 to 150 of 150/, 'the books';
is $http->post_form("http://127.0.0.1:$port/add", { book_id => '!RUN', title => 'x' })->{status}, 303, 'a book can be added';
kill 'TERM', $pid;
like said_until($out, qr/^stopped/), qr/^stopped/m, 'told to end, it stops all parts';
close $out;
is $?, 0, 'and ends in order';
