#!/usr/bin/perl
# SQL is never put together from values: only store*.c speak it, and a value goes in by a question mark. So no string
# literal with SQL in it may take a printf conversion, and no other file may hold SQL or call the client library.
use strict;
use warnings;
use File::Find;
use Test::More;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.[ch]$/ } }, 'src');
plan tests => 2 * @files;

my $sql = qr/\b(?:SELECT\b.*\bFROM|INSERT\s+INTO|REPLACE\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|WHERE\s+\w+\s*(?:=|LIKE))\b/;

for my $file (sort @files) {
    open my $in, '<', $file or die "$file: $!";
    my $text = do { local $/; readline $in };
    $text =~ s{/\*.*?\*/}{}gs;
    $text =~ s/"\s*"//g;                                       # literals in pieces are one
    my @literals = $text =~ /"((?:[^"\\\n]|\\.)*)"/g;
    my @formed   = grep { /$sql/ && /%[-+ #0-9.*]*[a-zA-Z]/ } @literals;
    is "@formed", '', "$file: no value is formatted into SQL";
    my $may_speak = $file =~ m{^src/catalogue/store\w*\.c$};
    my @spoken = ((grep { !$may_speak && /$sql/ } @literals), $file eq 'src/catalogue/sql.c' ? () : $text =~ /\bmysql_\w+\s*\(/g);
    is "@spoken", '', "$file: leaves SQL to store.c, and the client library to sql.c";
}
