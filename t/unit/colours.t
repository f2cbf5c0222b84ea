# The colours of the style: whatever lies on whatever, in either scheme, can be told apart (WCAG 2.2: 4.5 for text, 3 for
# what frames a field or shows its state).

use v5.20;
use warnings;

use Test::More;

my $source = $ENV{BOOKSHARE_SOURCE} // '.';
open my $in, '<', "$source/templates/static/css/bookshare.css" or die $!;
my $css = do { local $/; readline $in };

my ($root) = $css =~ /^:root \{(.*?)^\}/ms;
my %tokens = $root =~ /--([\w-]+): ([^;]+);/g;

my @SCHEMES = qw(light dark);

# The colour of a token, or a colour itself, in a scheme.
sub colour {
    my ($name, $scheme) = @_;
    my $value = $tokens{$name} // $name;
    my @both  = $value =~ /^light-dark\((#\w+), (#\w+)\)$/;
    return @both ? $both[$scheme eq 'dark'] : $value;
}

# The relative luminance of a colour, as WCAG defines it.
sub luminance {
    my ($colour) = @_;
    my ($hex) = $colour =~ /^#([0-9a-f]{3}|[0-9a-f]{6})$/ or die "$colour is no colour\n";
    $hex =~ s/(.)/$1$1/g if length $hex == 3;
    my @parts = map { my $part = hex() / 255; $part <= 0.04045 ? $part / 12.92 : (($part + 0.055) / 1.055)**2.4 } $hex =~ /../g;
    return 0.2126 * $parts[0] + 0.7152 * $parts[1] + 0.0722 * $parts[2];
}

sub contrast {
    my ($one, $other) = sort { $a <=> $b } map { luminance($_) } @_;
    return ($other + 0.05) / ($one + 0.05);
}

my %on = (    # what lies on each ground: text
    'bs-body-bg'           => [qw(bs-body-color bs-emphasis-color bs-secondary-color bs-link-color bs-link-hover-color accent accent-strong danger danger-strong bs-form-invalid-color)],
    'tint'                 => [qw(bs-body-color bs-secondary-color bs-link-color bs-link-hover-color accent danger bs-emphasis-color)],
    'bs-tertiary-bg'       => [qw(bs-body-color bs-secondary-color)],
    'bs-secondary-bg'      => [qw(bs-body-color)],
    'hit'                  => [qw(bs-emphasis-color)],
    'accent'               => [qw(on-accent)],
    'accent-strong'        => [qw(on-accent)],
    'danger'               => [qw(on-accent)],
    'danger-strong'        => [qw(on-accent)],
    'mast'                 => [qw(mast-text)],
    'mast-field'           => ['mast-text', '#b4cbc7'],
    'mark'                 => ['#2a1d02'],
    '#f7cd7d'              => ['#2a1d02'],
    'bs-success-bg-subtle' => [qw(bs-success-text-emphasis)],
    'bs-danger-bg-subtle'  => [qw(bs-danger-text-emphasis)],
    'bs-warning-bg-subtle' => [qw(bs-warning-text-emphasis)],
);
my %framed = (    # lines and states
    'bs-body-bg'           => [qw(field-border accent danger bs-form-invalid-border-color), '#75837f'],
    'tint'                 => [qw(field-border accent danger)],
    'mast'                 => ['#7fa29d', 'mark', 'mast-text'],
    'bs-success-bg-subtle' => [qw(accent)],
    'bs-danger-bg-subtle'  => [qw(danger accent)],
    'bs-warning-bg-subtle' => [qw(accent)],
);

# Which pairs of a kind are too close in a scheme.
sub too_close {
    my ($pairs, $least, $scheme) = @_;
    my @close;
    for my $ground (sort keys %$pairs) {
        for my $mark (@{ $pairs->{$ground} }) {
            my $contrast = contrast(colour($ground, $scheme), colour($mark, $scheme));
            push @close, sprintf '%s on %s: %.2f', $mark, $ground, $contrast if $contrast < $least;
        }
    }
    return \@close;
}

for my $scheme (@SCHEMES) {
    is_deeply too_close(\%on,     4.5, $scheme), [], "$scheme: each text can be read on its ground";
    is_deeply too_close(\%framed, 3,   $scheme), [], "$scheme: each frame and state can be seen";
}

# A token that nobody tests is a colour that nobody has looked at. Those that only divide need no contrast.
my %tested = map { $_ => 1 } %on, %framed, map {@$_} values %on, values %framed;
is_deeply [grep { !$tested{$_} && !/^bs-border-color$|-border-subtle$/ } sort keys %tokens], [], 'every token is tested';

done_testing;
