#!/usr/bin/perl
# Writes fold_table.c, the table of fold.c, from the data of Unicode's CLDR that comes with ICU, and from the properties
# of Unicode that come with Perl:
#
#     src/base/fold_table.pl OUTPUT.c        needs uconv (Debian: icu-devtools); `make fold-table` runs it
#
# The table has each character that utf8proc alone would not fold as fold.h wants it, with the form that it folds to by
# itself. It also has all characters below U+2070 that fold to ASCII: then text in Latin letters needs no utf8proc.

use v5.20;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

use charnames ();
use File::Temp ();
use List::Util qw(max);
use POSIX qw(ceil);
use Unicode::Normalize qw(NFKD);
use Unicode::UCD ();

my $PAGE   = 64;                                          # characters of one row of the table
my $COMMON = 0x2070;                                      # see above
my ($output) = @ARGV;
die "say where to write: fold_table.pl OUTPUT.c\n" if !$output;

# Transliterates characters with ICU, each by itself.
sub transliterated {
    my ($rules, @characters) = @_;
    my $in = File::Temp->new;
    binmode $in, ':encoding(UTF-8)';
    print {$in} map { "$_\n" } @characters;
    close $in or die "cannot write: $!\n";
    my @lines = qx(uconv -f utf-8 -t utf-8 -x '$rules' '$in');
    die "uconv failed\n" if $? != 0 || @lines != @characters;
    chomp @lines;
    return map { ($characters[$_] => $lines[$_]) } 0 .. $#lines;
}

my @all = grep { /\p{Assigned}/ && !/[\p{Cs}\p{Co}\p{Cc}]/ } map { chr } 0x80 .. 0xD7FF, 0xE000 .. 0x10FFFF;
my %latin    = transliterated('::Latin-ASCII;', @all);
my $spacing  = qr/(?!\p{M})[\p{Block: Latin-1}\p{Block: Spacing Modifier Letters}]/;
my %hiragana = transliterated('::Katakana-Hiragana;', @all);

# What a character stands for, as far as utf8proc cannot tell. Returns undef if it can.
sub rule {
    my ($c) = @_;
    my $is_whole = NFKD($c) eq $c;
    return if ord $c < 0x80;
    return ' ' if $c =~ /[\p{Zs}\p{Zl}\p{Zp}]/;
    return charnames::viacode(ord $c) =~ /SINGLE|APOSTROPHE/ ? q{'} : '"' if $c =~ /\p{Quotation_Mark}/;
    no warnings 'deprecated';    # Hyphen: dashes, and the middle dots of katakana
    return '-' if $c =~ /[\p{Dash_Punctuation}\p{Hyphen}]/;
    return lc $latin{$c} if ($is_whole ? $c =~ /[\p{L}\p{P}\p{Sk}]/ : $c =~ /\p{P}/) && $latin{$c} =~ /^[\x21-\x7e]+$/;
    # An accent without a letter is an apostrophe: O´Hara, col·lecció, Qurʾān.
    return q{'} if $c =~ /\p{Diacritic}/ && ($is_whole ? $c =~ $spacing : NFKD($c) =~ /^ \p{M}+$/);
    return $hiragana{$c} if $is_whole && $c =~ /\p{Script: Katakana}/ && $hiragana{$c} =~ /^\p{Script: Hiragana}$/;
    return;
}

# What utf8proc makes of a character, before it lumps characters together.
sub decomposed {
    my ($c) = @_;
    return NFKD(CORE::fc(NFKD($c))) =~ s/[\p{M}\p{Default_Ignorable_Code_Point}]//gr;
}

sub bytes { my ($text) = @_; utf8::encode($text); return length $text }

my (%text, $growth);
for my $c (@all) {
    next if $c =~ /[\p{M}\p{Default_Ignorable_Code_Point}]/;
    my $plain = decomposed($c);
    my $text  = rule($c) // join '', map { rule($_) // $_ } split //, $plain;
    next if $text eq $plain && (ord $c >= $COMMON || $text !~ /^[\x20-\x7e]+$/);
    $text{$c} = $text;
    $growth = max($growth // 1, ceil(bytes($text) / bytes($c)));
}

# The form is final: nothing in it folds again.
for my $text (values %text) {
    die "$text folds to something else\n" if grep { defined $text{$_} && $text{$_} ne $_ } split //, $text;
}

# ---- The file

my (%characters, %at);
push @{ $characters{ $text{$_} } }, $_ for sort keys %text;
my $length = 1;                                          # 0: none
my $strings = '';
for my $text (sort keys %characters) {
    $at{$text} = $length;
    $length += bytes($text) + 1;
    my @some = @{ $characters{$text} };
    my $shown = join ' ', map { sprintf 'U+%04X', ord } @some > 8 ? @some[0 .. 7] : @some;
    $strings .= sprintf qq{    "%s\\0" /* %s%s */\n}, $text =~ s/(["\\])/\\$1/gr, $shown, @some > 8 ? ' ...' : '';
}

my $last = (sort { $a <=> $b } map { ord } keys %text)[-1];
my (@page_of, @pages);
for my $page (0 .. int $last / $PAGE) {
    my @row = map { my $text = $text{ chr $page * $PAGE + $_ }; defined $text ? $at{$text} : 0 } 0 .. $PAGE - 1;
    push @pages, \@row if grep { $_ } @row or !@pages;   # the first page, ASCII, is empty
    push @page_of, (grep { $_ } @row) ? $#pages : 0;
}
die "too many pages\n" if @pages > 255 || $length > 65_535;

sub rows { my @all = @_; my $out = ''; $out .= '    ' . join(', ', splice @all, 0, 16) . ",\n" while @all; return $out }

my ($icu) = qx(uconv -V) =~ /(ICU [\d.]+)/ or die "which ICU is this?\n";
open my $out, '>:encoding(UTF-8)', $output or die "$output: $!\n";
print {$out} <<"HEAD";
/*
 * The table of fold.c. Made by fold_table.pl with $icu and Perl's Unicode @{[ Unicode::UCD::UnicodeVersion() ]}; do not edit.
 *
 * It is made of Unicode's data: the transforms Latin-ASCII and Katakana-Hiragana of CLDR, and character properties.
 * Copyright 1991-2022 Unicode, Inc. Distributed under the Unicode licence: see debian/copyright.
 */
#include "base/fold_table.h"

/* clang-format off */
const uint8_t fold_table_pages[FOLD_TABLE_PAGES] = {
@{[ rows(@page_of) ]}};

const uint16_t fold_table_places[][FOLD_TABLE_PAGE] = {
HEAD
print {$out} map { "    {\n" . rows(@$_) =~ s/^/    /gmr . "    },\n" } @pages;
print {$out} <<"TAIL";
};

const char fold_table_texts[] =
    "\\0"
$strings    "";
TAIL
close $out or die "$output: $!\n";
printf "%d characters, %d texts, %d pages; fold_table.h needs FOLD_TABLE_PAGES = %d, FOLD_TABLE_GROWTH = %d\n",
    scalar keys %text, scalar keys %at, scalar @pages, scalar @page_of, $growth;
