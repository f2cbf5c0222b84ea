package BookShare::Browser;

# Runs the scripts of t/browser, which drive a Chromium, as parts of a test.

use v5.20;
use warnings;

use Encode qw(encode);
use Exporter 'import';
use Test::More;

our @EXPORT = qw(needs_browser relay);

my $browser = $ENV{BOOKSHARE_CHROMIUM} // '/usr/bin/chromium-headless-shell';

# Lets Node find the packages that the tests use.
sub find_packages {
    $ENV{NODE_PATH} = join ':', map { "$_/node_modules" } grep { length } @ENV{qw(BOOKSHARE_BUILD BOOKSHARE_SOURCE)};
    return;
}

# Skips the file where there is no browser; not in CI, where a skip would read as green.
sub needs_browser {
    find_packages();
    return if -x $browser && system(q{node -e 'require("playwright-core"); require("axe-core")' >/dev/null 2>&1}) == 0;
    die "no browser, Node or npm packages\n" if $ENV{CI};
    plan skip_all => "needs $browser, Node and the packages of package.json";
}

# Runs a script of t/browser and takes its TAP, plan and all, for this topic's.
sub relay {
    my ($script, @arguments) = @_;
    my $folder = ($ENV{BOOKSHARE_SOURCE} // '.') . '/t/browser';
    my @command = ('node', "$folder/$script", map { encode('UTF-8', $_) } @arguments);
    open my $tap, '-|:encoding(UTF-8)', @command or die "node: $!";
    while (<$tap>) {
        chomp;
        if    (/^1\.\.(\d+)$/)          { plan tests => $1 }
        elsif (/^(not )?ok \d+ - (.*)/) { ok !$1, $2 }
        else                            { diag s/^# ?//r }
    }
    close $tap;
    fail "$script ended with status " . ($? >> 8) if $? && Test::More->builder->is_passing;
}

1;
