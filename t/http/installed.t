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

# Returns what nginx says of a configuration with the example, and whether it accepts that.
sub try_example {
    my $dir = $stack->dir . '/example';
    mkdir $dir;
    my $text = $stack->slurp("$prefix/../example.conf") =~ s{/opt/bookshare}{$prefix}gr =~ s{^( +listen) \S*80\b}{$1 unix:$dir/socket}gmr
        =~ s{^ +listen unix:\S+ backlog=4096;\n(?= +listen)}{}mr;
    $stack->write_file('example/nginx.conf', "pid $dir/pid; error_log stderr; events {} http { access_log off; "
            . join(' ', map {"${_}_temp_path $dir/$_;"} qw(client_body proxy fastcgi uwsgi scgi)) . "\n$text\n}\n");
    my ($status, $out, $err) = $stack->run_program('', 'nginx', '-t', '-c', "$dir/nginx.conf", '-e', 'stderr');
    return "$status $out$err";
}

topic 'uninstalling it leaves nothing behind, and an nginx that starts' => 4, sub {
    system('cp', "$prefix/share/bookshare/nginx/bookshare.conf", "$prefix/../example.conf") == 0 or die 'cp';
    like try_example(), qr/^0 .*test is successful/s, 'nginx accepts the example';
    $stack->stop_pool;
    my $gone = `make -C '$ENV{BOOKSHARE_BUILD}' uninstall DESTDIR='$place' prefix=/opt/bookshare 2>&1`;
    is $?, 0 or diag $gone;
    is `find '$prefix' ! -type d`, '', 'no file is left';
    like try_example(), qr/^0 .*test is successful/s, 'and nginx accepts what names them';
};

run_topics;
