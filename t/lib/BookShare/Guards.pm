package BookShare::Guards;

# For tests of the guards of the protocol (src/base/guard.h): each in the situation it protects against, twice. With the
# guard the result is correct, without it it is wrong; the second half proves that the first one can fail.
#
#     my $stack = guarded_stack(rows => 250, workers => 1);
#     guard compare => 'what is right with it' => 3, sub { my ($off) = @_; ... };

use v5.20;
use warnings;

use Exporter 'import';
use File::Path qw(make_path);
use File::Spec;
use File::Temp;
use Time::HiRes qw(sleep time);

use BookShare::Test;

our @EXPORT = qw(guarded_stack guard stays);

my $both;

# A stack whose two programs are those of guarded/ in the build's folder, in which guards can be taken out.
sub guarded_stack {
    my $build   = File::Spec->rel2abs($ENV{BOOKSHARE_BUILD} // '.');
    my $guarded = "$build/guarded";
    $both = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
    make_path "$build/stack";
    for ("$guarded/bookshare", "$guarded/bookshare-worker", "$build/bookshare-generate", "$build/static", "$build/stack") {
        -e or die "$_ is missing\n";
        symlink $_, "$both/" . s{.*/}{}r or die "$both: $!\n";
    }
    return stack(build => $both->dirname, @_);
}

# A topic with the guard and one without: the code gets undef or the guard's name.
sub guard {
    my ($name, $what, $count, $code) = @_;
    topic "$name: $what", $count, sub { $code->(undef) };
    topic "without $name it goes wrong: $what", $count, sub { $code->($name) };
    return;
}

# Returns whether something stays as it is for some seconds.
sub stays {
    my ($seconds, $code) = @_;
    my ($end, $asked) = (time + $seconds, 0);
    while (time < $end || $asked < 5) {
        return 0 if !$code->();
        $asked++;
        sleep 0.02;
    }
    return 1;
}

1;
