# An installation by `make install` works without the build and source folders.

use v5.20;
use warnings;

use BookShare::Test;
use File::Temp;

my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
my $said   = `make -C '$ENV{BOOKSHARE_BUILD}' install DESTDIR='$place' prefix=/opt/bookshare 2>&1`;
my $prefix = "$place/opt/bookshare";
die $said if $?;

my $stack = stack(rows => 120, build => undef, prefix => $prefix);

topic 'pages and what belongs to them' => 4, sub {
    my $list = GET('/list');
    is $list->{status}, 200;
    like visible($list), qr/Showing 1 to 100 of 120 books/;
    my @files = grep { m{^/static/} } map { $_->[1]{src} // $_->[1]{href} // () } tags($list);
    cmp_ok scalar @files, '>=', 4, 'it names files';
    is_deeply [grep { GET($_)->{status} != 200 } @files], [], 'all of which are there';
};

topic 'the workers are the installed ones' => 1, sub {
    my %program = map { readlink("/proc/$_/exe") => 1 } $stack->pids('worker');
    is_deeply [keys %program], ["$prefix/sbin/bookshare-worker"];
};

topic 'the example for nginx names the installed files' => 2, sub {
    open my $in, '<', "$prefix/share/bookshare/nginx/bookshare.conf" or die $!;
    my $text = do { local $/; readline $in };
    like $text, qr{^    root /\S+/share/bookshare;$}m;
    unlike $text, qr/\@\w+\@/, 'nothing is left to fill in';
};

run_topics;
