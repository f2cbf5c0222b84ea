#!/usr/bin/perl
# Comments, messages, screen texts and documents are plain English. These patterns mislead or slow down a reader; each
# comes with what to write instead. They apply to comments and strings of code, and to the whole text of everything else.
use strict;
use warnings;
use File::Find;
use Test::More;

my @patterns = (
    [qr/\b(?:is|are|was|were|been|be) told\b(?! apart)/                  => 'say who gets or reports what'],
    [qr/\banew\b/                                              => 'again, or a verb with re-: rebuild, recount'],
    [qr/\bof (?:ours|yours|theirs)\b/                          => 'our, your, their'],
    [qr/\bbut for\b(?! \w+ing)/                                => 'except'],
    [qr/\bsave that\b/                                         => 'except that'],
    [qr/\bupon which\b/                                        => 'then'],
    [qr/\blikewise\b/                                          => 'also, the same'],
    [qr/\bwhoever\b/                                           => 'anyone who, or name who'],
    [qr/\b(?:what|which|that|this) is no (?!longer\b|more\b)\w+/ => 'is not a'],
    [qr/\bgo(?:es)? for absent\b|\blet by\b/                   => 'count as absent, ignore'],
    [qr/\bhas (?:it|them|what was \w+) (?:made|built|rebuilt)\b/ => 'say who builds what'],
    [qr/\bso many (?:bytes|books|rows|times|seconds|milliseconds)\b/ => 'this many'],
    [qr/\b(?:byte|field|line|part|value|segment) at hand\b/       => 'current'],
    [qr/\bin the place of\b/                                   => 'instead of, in place of'],
    [qr/\bstands? (?:behind|before it|there|in the)\b/         => 'is, follows, precedes'],
    [qr/\bwithout a word\b/                                      => 'without sending anything'],
    [qr/\bif need be\b/                                        => 'if needed'],
    [qr/\bgives? (?:it|the \w+|all memory) back\b/             => 'releases, frees'],
);

# The text of a file that people read: a list of [line, text], or its lines as they are.
sub texts {
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!";
    my $source = do { local $/; readline $in };
    my @texts;
    if ($file =~ /\.(?:[ch]|js|mjs|css)$/) {
        my $line = 1;
        while ($source =~ m{(/\*.*?\*/|(?<![:\w])//[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(\n)|.}gs) {
            push @texts, [$line, $1] if defined $1;
            $line += ($& =~ tr/\n//);
        }
    }
    elsif ($file =~ /\.(?:pm|pl|t|lua)$|^bootstrap$|contrib\/(?:stack\/run|bookshare-pool)$/) {
        my $line = 0;
        for (split /\n/, $source) {
            $line++;
            push @texts, [$line, $1] while /((?:^|\s)(?:#|--)\s.*$|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/g;
        }
    }
    else {
        my $line = 0;
        push @texts, [++$line, $_] for split /\n/, $source;
    }
    return @texts;
}

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my @files;
find(
    {   no_chdir => 1,
        wanted   => sub {
            $File::Find::prune = 1 if m{/(?:node_modules|vendor|corpus|fixtures)$};
            push @files, $_ if -f && /\.(?:[ch]|js|mjs|css|pm|pl|t|lua|cs|sql|md|[18]|map|locations|in|html|json|hdf|example|service)$|bookshare-(?:pool|site|webconf)$|stack\/run$|^bootstrap$/
                && !m{/words\.|t/view/.*\.(?:html|hdf)$|english\.t$|package};
        } },
    grep {-e} qw(src generator contrib nginx sql man templates docs t bootstrap), glob '*.md'
);
plan tests => 1 + @patterns;
cmp_ok scalar @files, '>', 300, 'the texts are found';

my %found;
for my $file (sort @files) {
    for (texts($file)) {
        my ($line, $text) = @$_;
        $text =~ s/\s*\n[ \t]*(?:\*(?!\/))?[ \t]*/ /g;
        for my $pattern (@patterns) {
            push @{ $found{ $pattern->[0] } }, "$file:$line: \"$&\"" if $text =~ /$pattern->[0]/i;
        }
    }
}
for (@patterns) {
    my ($pattern, $instead) = @$_;
    my @found = @{ $found{$pattern} // [] };
    (my $name = $pattern) =~ s/^\(\?\^\w*:|\)$//g;
    ok !@found, "no $name (write: $instead)" or diag join "\n", @found;
}
