package BookShare::Page;

# Reads pages as people and browsers do: the text that is seen, the tags, the links, the forms, the rows of the list.
# A page is an answer with its text as {html} (BookShare::Test); regular expressions are enough for pages of our own.

use v5.20;
use warnings;
use utf8;

use Encode qw(encode);
use Exporter 'import';
use Test::More;

our @EXPORT = qw(escaped visible shows message place tags having links hrefs inputs rows);

# Percent-encoding of everything but the unreserved characters.
sub escaped {
    my $bytes = encode('UTF-8', $_[0]);
    return $bytes =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger;
}

my %ENTITY = (amp => '&', lt => '<', gt => '>', quot => '"', apos => "'", nbsp => "\x{a0}", hellip => '…');

sub unescaped {
    my ($text) = @_;
    return $text =~ s{&(?:#x([0-9a-f]+)|#(\d+)|(\w+));}
                     {defined $1 ? chr hex $1 : defined $2 ? chr $2 : $ENTITY{$3} // "&$3;"}geri;
}

# What a reader sees: the text without tags, each run of white space one space.
sub visible {
    my ($page) = @_;
    my $text = ref $page ? $page->{html} : $page;
    return $text if $text !~ /[<&\t\r\n]|^ |  | $/;      # most cells of a list
    $text =~ s{<(script|style|head)\b.*?</\1>}{ }gsi;
    $text =~ s{</?(?:mark|bdi)>}{}g;                    # which stand within words
    $text =~ s{<[^>]*>}{ }g;
    return unescaped($text) =~ s/[ \t\r\n]+/ /gr =~ s/^ | $//gr;
}

# Passes if what a reader sees matches; a failure quotes no more than the beginning of a page.
sub shows {
    my ($page, $pattern, $name) = @_;
    my $text = visible($page);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($text =~ $pattern, $name) || diag "$page->{status} shows no $pattern: ", substr($text, 0, 400), ' ...';
}

# The line of a list page that says where the books came from.
sub message {
    my ($page) = @_;
    return $page->{html} =~ /(Data loaded from .*? seconds)/s ? visible($1) : '';
}

# The number of a page of the list and of the last one, as the fields for a page have them: "3 of 11".
sub place {
    my ($page) = @_;
    my %place = map { ("$_->{value} of $_->{max}" => 1) } grep { $_->{max} } having($page, name => 'page');
    return join ', ', keys %place;
}

my $NAME  = qr{[^\s"'<>/=]+};
my $VALUE = qr{"([^"]*)"|'([^']*)'|([^\s"'<>]+)};

# The tags of a page in order: [name, {attribute => value}].
sub tags {
    my ($page) = @_;
    my @tags;
    while ($page->{html} =~ m{<(?<name>[a-z][a-z0-9-]*)(?<rest>(?:\s+$NAME(?:\s*=\s*(?:$VALUE))?)*)\s*/?>}gi) {
        my ($name, $rest, %has) = (lc $+{name}, $+{rest});
        while ($rest =~ m{($NAME)(?:\s*=\s*(?:$VALUE))?}g) {
            $has{ lc $1 } = unescaped($2 // $3 // $4 // '');
        }
        push @tags, [$name, \%has];
    }
    return @tags;
}

# The attributes of each tag that has this one with this value.
sub having {
    my ($page, $name, $value) = @_;
    return grep { ($_->{$name} // '') eq $value } map { $_->[1] } tags($page);
}

# The links of a page: [address, text].
sub links {
    my ($page) = @_;
    my @links;
    while ($page->{html} =~ m{<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>}gs) {
        push @links, [unescaped($1), visible($2)];
    }
    return @links;
}

sub hrefs {
    my ($page) = @_;
    return map { unescaped($_) } $page->{html} =~ /<a\b[^>]*?\bhref="([^"]*)"/g;
}

# The named inputs of a page's forms, by name; with a pattern, only of forms whose action matches it.
sub inputs {
    my ($page, $action) = @_;
    my %value;
    while ($page->{html} =~ m{<form\b([^>]*)>(.*?)</form>}gs) {
        my ($form, $inside) = ($1, $2);
        my ($to) = $form =~ /\baction="([^"]*)"/;
        next if $action && unescaped($to // '') !~ $action;
        for (tags({ html => $inside })) {
            my ($name, $has) = @$_;
            $value{ $has->{name} } = $has->{value} // '' if $name eq 'input' && defined $has->{name};
        }
    }
    return \%value;
}

# The rows of the list: the text of each cell.
sub rows {
    my ($page) = @_;
    my ($body) = $page->{html} =~ m{<tbody\b[^>]*>(.*?)</tbody>}s or return;
    my @rows;
    while ($body =~ m{<tr\b[^>]*>(.*?)</tr>}gs) {
        my $row = $1;
        my @cells;
        push @cells, visible($1) while $row =~ m{<t[dh]\b[^>]*>(.*?)</t[dh]>}gs;
        push @rows, \@cells;
    }
    return @rows;
}

1;
