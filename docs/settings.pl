#!/usr/bin/perl
# Writes the settings of src/base/config.c into the documents that list them, between two markers:
#
#     docs/settings.pl            rewrites the files; `make docs` runs it
#     docs/settings.pl --check    names the files that it would change, and then exits with 1; t/lint/settings.t runs it
#
# Folders are those of the default prefix, /usr/local.
use v5.20;
use warnings;
use FindBin;

chdir "$FindBin::Bin/.." or die "$!";

my %folder = (
    BOOKSHARE_SYSCONFDIR    => '/usr/local/etc/bookshare',
    BOOKSHARE_LOCALSTATEDIR => '/usr/local/var',
    BOOKSHARE_DATADIR       => '/usr/local/share/bookshare',
);
my %writer = ('docs/settings.md' => \&markdown, 'man/bookshare-worker.8' => \&man);

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    local $/;
    return readline $in;
}

# Returns the string that C makes of literals and of the names of folders that stand side by side.
sub string {
    my ($pieces) = @_;
    my $string = '';
    while ($pieces =~ /"((?:[^"\\]|\\.)*)"|(\w+)/g) {
        $string .= defined $1 ? $1 : $folder{$2} // die "config.c: $2 is not a known folder\n";
    }
    return $string =~ s/\\(.)/$1/gr;
}

# Returns the rows of the table in config.c: name, default, least, most, meaning.
sub settings {
    my ($table) = slurp('src/base/config.c') =~ /^\} settings\[\] = \{\n(.*?)^\};/ms or die "config.c: no table of settings\n";
    my $literals = qr/(?:"(?:[^"\\]|\\.)*"|BOOKSHARE_\w+)(?:\s*"(?:[^"\\]|\\.)*")*/;
    my @settings;
    while ($table =~ /\{("\w+"), (\w+),\s+offsetof\([^)]*\),\s+($literals),\s+(\d+),\s+(\d+),\s+($literals)\},/g) {
        push @settings, {
            name => string($1), default => string($3), meaning => string($6),
            range => $2 eq 'NUMBER' ? "$4 to $5" : '',
        };
    }
    my $rows = () = $table =~ /^ *\{/gm;
    @settings == $rows or die "config.c: of $rows settings " . @settings . " can be read\n";
    return @settings;
}

sub markdown {
    my $table = "| Name | Default | Range | Meaning |\n|---|---|---|---|\n";
    for my $setting (@_) {
        my $default = $setting->{default} eq '' ? '' : "`$setting->{default}`";
        my $meaning = $setting->{meaning} =~ s/\|/\\|/gr;
        $table .= "| `$setting->{name}` | $default | $setting->{range} | $meaning |\n";
    }
    return $table;
}

sub man {
    my $text = '';
    for my $setting (@_) {
        my $meaning = $setting->{meaning} =~ s/\\/\\e/gr =~ s/^([.'])/\\&$1/r;
        $meaning = ucfirst $meaning if $meaning !~ m{^\w+://};
        $text .= ".TP\n.B $setting->{name}\n$meaning.\n";
        $text .= "From $setting->{range}.\n" if $setting->{range} ne '';
        $text .= "[$setting->{default}]\n" if $setting->{default} ne '';
    }
    return $text;
}

my $check    = @ARGV && $ARGV[0] eq '--check';
my @settings = settings();
my @stale;
for my $file (sort keys %writer) {
    my $old = slurp($file);
    my $new = $writer{$file}->(@settings);
    my $now = $old =~ s/^([^\n]*begin: settings[^\n]*\n).*?^([^\n]*end: settings)/$1$new$2/msr;
    $old =~ /begin: settings.*end: settings/s or die "$file has no markers\n";
    next if $now eq $old;
    push @stale, $file;
    next if $check;
    open my $out, '>', $file or die "$file: $!\n";
    print $out $now;
    close $out or die "$file: $!\n";
}
say for @stale;
exit($check && @stale ? 1 : 0);
