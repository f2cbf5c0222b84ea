package BookShare::Linter;

# Which version of a linter judges the sources. Linters differ from version to version, and a check must not fail because
# of the one that happens to be installed: Debian 12's version judges; any other reports what it finds, and the test passes.
#
#     my $linter = BookShare::Linter->new('cppcheck', '2.10');    # skips the file where there is no cppcheck
#     $linter->judge($is_clean, $findings, 'src and generator');  # one test
#
# In CI a linter must be there, and on Debian 12 it must be the version that judges.

use v5.20;
use warnings;

use Test::More;

my $LONGEST = 40;    # lines of findings that are shown

# Takes the program and the beginning of the version that judges.
sub new {
    my ($class, $program, $pinned) = @_;
    my $said = `$program --version 2>/dev/null` // '';
    my ($version) = $said =~ /(\d+(?:\.\d+)+)/;
    my $self = bless { program => $program, pinned => $pinned, version => $version }, $class;
    $self->{judges} = defined $version && $version =~ /^\Q$pinned\E(?:\.|\z)/;
    die "$program is missing\n" if !defined $version && $ENV{CI};
    die "$program is $version; in CI on Debian 12 it must be $pinned\n" if !$self->{judges} && $ENV{CI} && is_debian_12();
    plan skip_all => "needs $program" if !defined $version;
    return $self;
}

sub is_debian_12 {
    open my $file, '<', '/etc/os-release' or return 0;
    my $text = do { local $/; readline $file };
    return $text =~ /^ID=debian$/m && $text =~ /^VERSION_ID="12"$/m;
}

# One test: the sources are clean, or this version does not judge.
sub judge {
    my ($self, $is_clean, $findings, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return pass $name if $is_clean;
    my @lines = split /\n/, $findings;
    splice @lines, $LONGEST, @lines, '... ' . (@lines - $LONGEST) . ' more lines' if @lines > $LONGEST;
    diag join "\n", @lines;
    return fail $name if $self->{judges};
    diag "$self->{program} $self->{version} only reports: $self->{pinned} judges";
    return pass $name;
}

1;
