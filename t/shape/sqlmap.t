# sqlmap (Debian: sqlmap) on the form of the sign-in page: no parameter can be injected, and nothing is changed. By hand,
# three minutes: make -C build check T=t/shape/sqlmap.t PROVE_FLAGS=-v

use v5.20;
use warnings;
use utf8;

use File::Temp;
use POSIX ();
use Time::HiRes qw(sleep);

use BookShare::People;
use BookShare::Test;

my $stack = stack(rows => 50, workers => 2, env => { BOOKSHARE_AUTH => 'accounts' });
people_of($stack);
add_person('ann', 'admin');

sub tables { return join '|', map { join ' ', map { $_ // 'NULL' } @$_ } $stack->mysql("SELECT * FROM $_[0] ORDER BY 1") }

topic 'sign-in' => 5, sub {
    plan skip_all => 'needs sqlmap' if system('command -v sqlmap >/dev/null') != 0;
    my %before = map { $_ => tables($_) } qw(people people_keys music);
    my $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
    my $pid    = fork // die "fork: $!";
    if (!$pid) {    # attempts are not slowed down
        while (getppid != 1) { $stack->mysql('DELETE FROM people_attempts'); sleep 0.3 }
        POSIX::_exit(0);
    }
    my $said = qx{cd '$folder' && timeout 290 sqlmap -u '@{[$stack->url('/sign-in')]}' --data 'name=ann&password=guess-guess&to=/list' --method POST --level 2 --batch --disable-coloring --output-dir='$folder' --ignore-code 422,429,503 --dbms mysql --threads 2 2>&1};
    my $status = $? >> 8;
    kill 'KILL', $pid;
    waitpid $pid, 0;
    is $status, 0, 'it ends in time';
    like $said, qr/all tested parameters do not appear to be injectable/, 'and finds nothing' or diag $said;
    diag grep {/times/} split /^/, $said;
    is tables($_), $before{$_}, "$_ is as it was" for sort keys %before;
};

run_topics;
