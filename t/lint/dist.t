#!/usr/bin/perl
# What is in the folders of the sources is named in Makefile.am: a file that isn't would be missing from the tarball, or
# from what is installed.
use strict;
use warnings;
use File::Find;
use Test::More tests => 3;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
open my $in, '<', 'Makefile.am' or die "Makefile.am: $!";
my $makefile = do { local $/; readline $in };

my @there;
find({ no_chdir => 1, wanted => sub { push @there, $_ if -f } }, qw(src generator sql templates nginx));
push @there, glob 't/unit/*.c t/fuzz/*.[ch]';
my $built = qr{/(?:files|debhelper-build-stamp|.*\.(?:debhelper|log|substvars))$}; # by dpkg-buildpackage
push @there, grep { -f && !/$built/ } glob 'debian/* debian/source/*';

my (@forgotten, @gone);
for my $file (sort @there) {
    my $name = $file;
    $name =~ s{^templates/static/|^nginx/(?=errors/)}{static/};
    $name =~ s{^(t/unit/.*)\.c$}{$1};
    push @forgotten, $file if $makefile !~ /(?<![\w.\/])\Q$name\E(?![\w.\/])/;
}
is "@forgotten", '', 'Makefile.am names every file';

my %made = map { $_ => 1 } qw(generator/words.c);
for my $file ($makefile =~ m{(?<![\w./])((?:src|generator|sql|templates)/[\w./-]+\.\w+)}g) {
    push @gone, $file if !-e $file && !$made{$file} && $file !~ /\.inc$/;
}
is "@gone", '', 'and names none that is gone';

sub version {
    my ($file, $pattern) = @_;
    open my $in, '<', $file or die "$file: $!";
    my $text = do { local $/; readline $in };
    return $text =~ $pattern ? $1 : "none in $file";
}
is version('debian/changelog', qr/^bookshare \(([^)]+)\)/), version('configure.ac', qr/^AC_INIT\(\[bookshare\], \[([^]]+)/m),
    'the Debian package has the version of configure.ac';
