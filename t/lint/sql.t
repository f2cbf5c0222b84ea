#!/usr/bin/perl
# SQL is never put together from values: only store*.c speak it, and a value goes in by a question mark. So no string
# literal with SQL in it may take a printf conversion, and no other file may hold SQL or call the client library.
use strict;
use warnings;
use File::Find;
use Test::More tests => 4;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.[ch]$/ } }, 'src');

my $sql = qr/\b(?:SELECT\b.*\bFROM|INSERT\s+INTO|REPLACE\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|WHERE\s+\w+\s*(?:=|LIKE))\b/;

my (@formatted, @speaks, @calls);
my $statements = 0;
for my $file (sort @files) {
    open my $in, '<', $file or die "$file: $!";
    my $text = do { local $/; readline $in };
    $text =~ s{/\*.*?\*/}{}gs;
    $text =~ s/"\s*"//g;                                       # literals in pieces are one
    my @statements = grep { /$sql/ } $text =~ /"((?:[^"\\\n]|\\.)*)"/g;
    $statements += @statements;
    push @formatted, map {"$file: $_"} grep { /%[-+ #0-9.*]*[a-zA-Z]/ } @statements;
    push @speaks, map {"$file: $_"} @statements if $file !~ m{^src/store/store\w*\.c$};
    push @calls, map {"$file: $_"} $text =~ /\bmysql_\w+\s*\(/g if $file !~ m{^src/store/sql(_statement)?\.c$};
}
cmp_ok $statements, '>', 20, 'the statements are found';
is "@formatted", '', 'no value is formatted into SQL';
is "@speaks", '', 'only store*.c hold SQL';
is "@calls", '', 'only sql.c and sql_statement.c call the client library';
