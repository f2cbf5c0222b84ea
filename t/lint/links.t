#!/usr/bin/perl
# Relative links in the documents lead to files and headings that exist, and README.md leads to every document.
# Links to other sites are not followed. Files that the documents name by their path exist, too; decisions and the
# changelog tell of the past.
use strict;
use warnings;
use utf8;
use File::Basename 'dirname';
use Test::More tests => 5;

chdir($ENV{BOOKSHARE_SOURCE} // '.') or die "$!";
my @documents = sort map { glob } '*.md', 'docs/*.md', 'docs/*/*.md', '.github/*.md', '.github/*/*.md';

# Returns the text of a document without its blocks of code.
sub prose {
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!";
    my $text = do { local $/; readline $in };
    $text =~ s/^( *)```.*?^\1```$//gms;
    $text =~ s/^ {4,}(?![-*] ).*$//gm;
    return $text;
}

# Returns the anchors of a document, by GitHub's rule: small letters, no punctuation, hyphens for blanks, -1 behind the
# second heading of the same text.
sub anchors {
    my ($file) = @_;
    my (%seen, %anchors);
    for my $heading (prose($file) =~ /^#{1,6} +(.*?) *#*$/gm) {
        $heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
        my $anchor = lc $heading;
        $anchor =~ s/[^\w\- ]//g;
        $anchor =~ tr/ /-/;
        my $times = $seen{$anchor}++;
        $anchors{ $times ? "$anchor-$times" : $anchor } = 1;
    }
    return \%anchors;
}

# Takes what a link of a document says; returns the path from the top folder, without "." and "..".
sub target {
    my ($file, $path) = @_;
    return $file if $path eq '';
    my @parts;
    for my $part (split m{/}, dirname($file) . "/$path") {
        next if $part eq '.' || $part eq '';
        if   ($part eq '..') { return "above the top folder: $path" if !@parts; pop @parts }
        else                 { push @parts, $part }
    }
    return join '/', @parts;
}

my (%anchors, %links, @no_file, @no_heading, @no_source);
for my $file (@documents) {
    my $text = prose($file);
    if ($file !~ m{^CHANGELOG|^docs/decisions/}) {
        push @no_source, map {"$file: $_"}
            grep { !-e && !-e "$_.in" && !/NAME/ } $text =~ m{`((?:src|t|templates|contrib|nginx|sql|generator|man|docs)/[\w./-]+)`}g;
    }
    $text =~ s/`[^`\n]*`//g;
    for my $link ($text =~ /\]\(([^)\s]+)(?: "[^"]*")?\)/g, $text =~ /^\[[^\]]+\]: +(\S+)/gm, $text =~ /(?:src|href)="([^"]+)"/g) {
        next if $link =~ /^[a-z][a-z0-9+.-]*:/;
        my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
        my $target = target($file, $path);
        push @{ $links{$file} }, $target;
        if (!-e $target) {
            push @no_file, "$file: $link";
        } elsif (defined $anchor && $target =~ /\.md$/) {
            $anchors{$target} //= anchors($target);
            push @no_heading, "$file: $link" if !$anchors{$target}{$anchor};
        }
    }
}

my %reached = ('README.md' => 1);
my @new     = ('README.md');
while (defined(my $file = shift @new)) {
    push @new, grep { /\.md$/ && !$reached{$_}++ } @{ $links{$file} // [] };
}

cmp_ok scalar(map {@$_} values %links), '>', 20, 'the links are found';
is join("\n", @no_file), '', 'each leads to a file that exists';
is join("\n", @no_heading), '', 'and to a heading of it';
is join("\n", @no_source), '', 'each file that is named exists';
is join("\n", grep { !$reached{$_} && !/^\.github/ } @documents), '', 'README.md leads to every document';
