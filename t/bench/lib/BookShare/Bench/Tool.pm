package BookShare::Bench::Tool;

# Runs wrk and ab, one at a time, and reads what they say. Each runs in a process group of its own that the guard of a
# stack looks after, and no longer than it should.

use v5.20;
use warnings;

use Exporter 'import';
use File::Temp;
use FindBin;
use JSON::PP ();
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use BookShare::Stack::Proc qw(open_files_limit);

our @EXPORT_OK = qw(wrk ab lacking);

my $running;

# What of programs and Debian's packages for them is not here: (program => package, ...).
sub lacking {
    my %package = @_;
    return map { ($_ => $package{$_}) } grep {
        my $name = $_;
        !grep { -x "$_/$name" } split /:/, $ENV{PATH};
    } sort keys %package;
}

# Runs a command with as many open files as it may have. Returns its exit status and what it said.
#     stack  whose guard looks after it
#     env    {NAME => VALUE}
#     limit  seconds after which it is killed: then the status is -1
#     tick   code that is called again and again meanwhile
sub run {
    my ($args, @command) = @_;
    my $said  = File::Temp->new;
    my $files = open_files_limit(16384);
    my $pid   = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp 0, 0;
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>&', $said;
        open STDERR, '>&', $said;
        %ENV = (%ENV, LC_ALL => 'C', %{ $args->{env} // {} });
        no warnings 'exec';
        exec 'sh', '-c', "ulimit -n $files; exec \"\$@\"", 'sh', @command;
        POSIX::_exit(127);
    }
    setpgrp $pid, $pid;
    $args->{stack}->guard->watch($pid);
    $running = $pid;
    my $end    = time + $args->{limit};
    my $status = -1;
    while (1) {
        if (waitpid($pid, WNOHANG) == $pid) {
            $status = $?;
            last;
        }
        if (time > $end) {
            kill 'KILL', -$pid;
            waitpid $pid, 0;
            last;
        }
        $args->{tick}->() if $args->{tick};
        sleep 0.01;
    }
    undef $running;
    seek $said, 0, 0;
    local $/;
    return ($status, readline($said) // '');
}

# Ends what runs, when the program ends before it.
END { kill 'KILL', -$running if $running }

# Runs wrk. Takes url, clients, seconds; and if wanted
#     header    the header lines to send
#     paths     a file of paths to ask for at random (see wrk.lua)
#     status, contains   what every answer must be: each is looked at, which takes time
# and what run takes. Returns its figures, times in milliseconds: rate, requests, bytes (of one answer, with its
# headers), p50, p99, worst, failed (all kinds), errors {kind => count}, looked, files.
sub wrk {
    my (%args) = @_;
    my $report  = File::Temp->new;
    my $threads = $args{clients} > 256 ? 2 : 1;
    my %env     = (BENCH_REPORT => "$report");
    $env{BENCH_PATHS}    = $args{paths}    if $args{paths};
    $env{BENCH_STATUS}   = $args{status}   if $args{status};
    $env{BENCH_CONTAINS} = $args{contains} if defined $args{contains};
    my ($status, $said) = run(
        { limit => $args{seconds} + 60, %args, env => \%env },
        'wrk', '-t', $threads, '-c', $args{clients}, '-d', "$args{seconds}s", '--timeout', '30s',
        '-s', "$FindBin::Bin/wrk.lua", map({ ('-H', $_) } @{ $args{header} // [] }), $args{url}
    );
    my $text = do { local $/; readline($report) // '' };
    die 'wrk ', $status == -1 ? 'did not end' : "failed: $said", "\n" if $status != 0 || $text eq '';
    my $figure = JSON::PP::decode_json($text);
    my %error  = map { $_ => $figure->{$_} } grep { $figure->{$_} } qw(connect read write status timeout wrong);
    my $failed = 0;
    $failed += $_ for values %error;
    return {
        rate     => $figure->{microseconds} ? $figure->{requests} / $figure->{microseconds} * 1e6 : 0,
        bytes    => $figure->{requests} ? $figure->{bytes} / $figure->{requests} : 0,
        failed   => $failed, errors => \%error,
        map { $_ => $figure->{$_} } qw(requests p50 p99 worst looked files),
    };
}

# Runs ab. Takes url, clients, requests, keep (whether connections are kept); and what run takes.
# Returns the same figures; and complete, how many requests were completed.
sub ab {
    my (%args) = @_;
    my ($status, $said) = run(
        { limit => 600, %args },
        qw(ab -q -r -l -s 60), ('-k') x !!$args{keep}, '-c', $args{clients}, '-n', $args{requests}, $args{url}
    );
    my %error;
    my ($complete) = $said =~ /^Complete requests:\s+(\d+)/m;
    if ($status != 0 || !defined $complete) {
        my ($why) = $status == -1 ? 'ab did not end' : grep {/^(?:ab: |apr_|.*error)/i} split /\n/, $said;
        return {
            failed => $args{requests}, errors => { $why // "ab: status $status" => 1 },
            map { $_ => 0 } qw(rate requests p50 p99 worst),
        };
    }
    my ($failed) = $said =~ /^Failed requests:\s+(\d+)/m;
    my ($detail) = $said =~ /^\s+\((Connect:.*)\)$/m;
    my ($other)  = $said =~ /^Non-2xx responses:\s+(\d+)/m;
    while (($detail // '') =~ /(\w+): (\d+)/g) {
        $error{ lc $1 } = $2 if $2;
    }
    $error{status}     = $other                       if $other;
    $error{incomplete} = $args{requests} - $complete if $complete < $args{requests};
    my ($rate)  = $said =~ /^Requests per second:\s+([\d.]+)/m;
    my %percent = $said =~ /^\s+(\d+)%\s+(\d+)/mg;
    # Of a single request there are no percentiles.
    return {
        rate   => $rate, requests => $complete, errors => \%error,
        failed => ($failed // 0) + ($other // 0) + ($error{incomplete} // 0),
        p50    => $percent{50} // 0, p99 => $percent{99} // 0, worst => $percent{100} // 0,
    };
}

1;
