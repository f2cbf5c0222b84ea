# The launcher itself: what it starts it stops, however it ends, and what it loads is whole.

use v5.20;
use warnings;

use Cwd qw(abs_path);
use File::Temp;
use HTTP::Tiny;
use Test::More tests => 13;
use Time::HiRes qw(sleep time);

use BookShare::Stack;
use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(birth);

my $build  = abs_path($ENV{BOOKSHARE_BUILD}  // '.');
my $source = abs_path($ENV{BOOKSHARE_SOURCE} // '.');
my $place  = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);

sub new_stack { return BookShare::Stack->new(build => $build, source => $source, @_) }

# Waits for something to become true.
sub comes {
    my ($code) = @_;
    my $end = time + patience(30);
    while (time < $end) {
        return 1 if $code->();
        sleep 0.02;
    }
    return 0;
}

# Starts a stack in a separate process; returns its process ID and those it printed.
sub launched {
    my ($dir, $code) = @_;
    pipe my $read, my $write or die "pipe: $!";
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        close $read;
        $write->autoflush(1);
        my $stack = new_stack(dir => $dir);
        eval { $code->($stack, $write); 1 } or print {$write} "died $@";
        sleep 60;
        POSIX::_exit(0);
    }
    close $write;
    my $line = readline($read) // '';
    return ($pid, split ' ', $line);
}

# ---- A folder that serves

my $dir   = "$place/first";
my $stack = new_stack(dir => $dir, rows => 300);
$stack->start;
is $stack->mysql('SELECT COUNT(*) FROM music')->[0][0], 300, 'the books are loaded';
is_deeply [$stack->mysql(q{SELECT 'a<b>&"c', NULL, 'NULL', ''})], [['a<b>&"c', undef, 'NULL', '']], 'an answer comes as it is';

ok !eval { new_stack(dir => $dir)->begin; 1 }, 'a second stack in the same folder is refused';
like $@, qr/is already running .* \(process $$\)/, 'and told which one runs there';

my @pids = map { $stack->pids($_) } qw(mysql redis pool nginx);
$stack->stop;
is_deeply [grep { birth($_) } @pids], [], 'all that was started is gone after stop';

$stack = new_stack(dir => $dir, rows => 500);
$stack->start;
is $stack->mysql('SELECT COUNT(*) FROM music')->[0][0], 300, 'the next start finds the books, and adds none';
$stack->stop;

# ---- Ends that come early

for my $pool ('supervised', 'plain') {
    my ($pid, @parts) = launched($dir, sub {
        my ($stack, $out) = @_;
        $stack->{pool} = $pool;
        $stack->start;
        print {$out} join(' ', map { $stack->pids($_) } qw(mysql redis pool nginx)), "\n";
    });
    kill 'KILL', $pid;
    waitpid $pid, 0;
    ok @parts >= 5 && comes(sub { !grep { birth($_) } @parts }), "nothing outlives a launcher that was killed: $pool"
        or diag 'there were: ', "@parts", '; left are: ', join ' ', grep { birth($_) } @parts;
}

my ($pid) = launched("$place/half", sub {
    my ($stack, $out) = @_;
    $stack->{rows}     = 20_000;
    $stack->{progress} = sub { print {$out} "half\n" and sleep 60 if $_[0] > 8_000 };
    $stack->start;
});
kill 'KILL', $pid;
waitpid $pid, 0;
$stack = new_stack(dir => "$place/half", rows => 1000);
$stack->start_mysql;
is $stack->mysql(q{SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'music'})->[0][0], 1,
    'a load that was cut short';
is $stack->mysql('SELECT COUNT(*) FROM music')->[0][0], 0, 'leaves an empty table';
BookShare::Stack::Books->new($stack)->load;
is $stack->mysql('SELECT COUNT(*) FROM music')->[0][0], 1000, 'which the next start fills';
$stack->stop;

# ---- Odd folders

my $long = "$place/a folder with spaces/" . 'x' x 100;
$stack = new_stack(dir => $long, rows => 10);
$stack->start;
my $answer = HTTP::Tiny->new->get($stack->url('/list'));
is $answer->{status}, 200, 'a folder whose path is longer than that of a socket may be';
$stack->stop;
is_deeply [$stack->problems], [], 'the logs are clean';
