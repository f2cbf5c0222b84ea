package BookShare::Bench::Report;

# What comes out of a benchmark: numbers from several rounds, a table, a chart, and what the machine was.

use v5.20;
use warnings;
use utf8;

use Exporter 'import';
use File::Temp;
use JSON::PP ();
use List::Util qw(max sum0);
use POSIX qw(sysconf _SC_CLK_TCK);

use BookShare::Stack::Servers;

our @EXPORT_OK = qw(median number table machine load cpu_seconds write_json chart);

sub median {
    my @sorted = sort { $a <=> $b } @_ or return undef;
    my $middle = int @sorted / 2;
    return @sorted % 2 ? $sorted[$middle] : ($sorted[$middle - 1] + $sorted[$middle]) / 2;
}

# A number for people, with three digits or so: 61234, 1790, 92.1, 1.87, 0.931, 0.0021.
sub number {
    my ($value) = @_;
    return '-' if !defined $value;
    return sprintf '%.2g', $value if $value < 0.01;
    return sprintf $value >= 100 ? '%.0f' : $value >= 10 ? '%.1f' : $value >= 1 ? '%.2f' : '%.3f', $value;
}

# Lines of cells as text in columns; the first one to the left, the others to the right. A line may be one string.
sub table {
    my (@lines) = @_;
    my @width;
    for my $line (grep {ref} @lines) {
        for my $i (0 .. $#$line) {
            $width[$i] = max($width[$i] // 0, length $line->[$i]);
        }
    }
    return join '', map {
        my $line = $_;
        my @cells = ref $line ? map { sprintf $_ ? '%*s' : '%-*s', $width[$_], $line->[$_] } 0 .. $#$line : $line;
        join('  ', @cells) =~ s/\s+$//r . "\n";
    } @lines;
}

sub slurp { my ($path) = @_; open my $file, '<', $path or return ''; local $/; return readline($file) // '' }

# What has a say in the figures: {name => text}.
sub machine {
    my ($processor) = slurp('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)/m;
    my ($memory)    = slurp('/proc/meminfo') =~ /^MemTotal:\s+(\d+)/m;
    my ($system)    = slurp('/etc/os-release') =~ /^PRETTY_NAME="?([^"\n]*)/m;
    my %version     = (
        nginx   => `nginx -v 2>&1` =~ m{nginx/(\S+)},
        map { ($_ => scalar eval { BookShare::Stack::Servers::about($_) }) } qw(database cache),
    );
    return {
        processor => $processor // 'unknown', cores => scalar(() = slurp('/proc/cpuinfo') =~ /^processor\s*:/mg),
        memory_mb => int(($memory // 0) / 1024), system => $system // '', kernel => `uname -r` =~ s/\n//r,
        load => load(), versions => \%version,
    };
}

# How many processes wanted to run lately.
sub load { return (split ' ', slurp('/proc/loadavg'))[0] + 0 }

# The processor time that processes have taken so far.
sub cpu_seconds {
    my @ticks = map { my @field = split ' ', slurp("/proc/$_/stat") =~ s/^.*\) //sr; @field[11, 12] } @_;
    return sum0(grep {defined} @ticks) / sysconf(_SC_CLK_TCK);
}

sub write_json {
    my ($path, $data) = @_;
    open my $file, '>', "$path.new" or die "$path.new: $!\n";
    print {$file} JSON::PP->new->utf8->canonical->pretty->encode($data);
    close $file or die "$path.new: $!\n";
    rename "$path.new", $path or die "$path: $!\n";
    return;
}

# Draws bars with gnuplot. bars: a list of [label, kind, median, least, most]; kinds: those that there are, in order.
# Returns whether it could.
sub chart {
    my ($path, $title, $kinds, @bars) = @_;
    my @colours = ('#1f5fa8', '#d9822b', '#5b8c5a');
    my $data    = File::Temp->new;
    my $plan    = File::Temp->new;
    binmode $_, ':encoding(UTF-8)' for $data, $plan;
    my ($y, $least, @tics) = (0, 1);
    for my $bar (@bars) {
        $least /= 10 while $bar->[3] > 0 && $bar->[3] < $least;
    }
    for my $bar (@bars) {
        my ($label, $kind, $median, $from, $to) = @$bar;
        my ($number) = grep { $kinds->[$_] eq $kind } 0 .. $#$kinds;
        # x y; bar from x, to x, from y, to y; kind; line from x, to x; label
        printf {$data} "%g %g %g %g %g %g %d %g %g %s\n", $median, -$y, $least, $median, -$y - 0.4, -$y + 0.4,
            $number, $from || $least, $to, number($median);
        push @tics, sprintf '"%s" %g', "$label, $kind" =~ s/["\\]//gr, -$y++;
    }
    $data->flush;
    my $height = 110 + 24 * $y;
    my $tics   = join ', ', @tics;
    my $plots  = join ", \\\n", map {
        qq{"$data" using 1:(\$7 == $_ ? \$2 : 1/0):3:4:5:6 with boxxyerror fs solid 0.85 noborder }
            . qq{lc rgb "$colours[$_]" title "$kinds->[$_]"}
    } 0 .. $#$kinds;
    print {$plan} <<"END";
set terminal svg size 960,$height noenhanced font "sans-serif,13" background rgb "white"
set output "$path"
set title "$title"
set xlabel "answers per second (logarithmic); bar: median, line: least and most"
set logscale x
set xrange [$least:]
set yrange [${\ -$y}:1]
set ytics ($tics) nomirror
set xtics nomirror
set tics scale 0.5
set grid xtics lc rgb "#dddddd"
set border 3
set key top right outside horizontal
plot $plots, \\
"$data" using 1:2:8:9 with xerrorbars pt 0 lc rgb "#222222" notitle, \\
"$data" using (\$9*1.08):2:10 with labels left font ",11" notitle
END
    $plan->flush;
    return system('gnuplot', "$plan") == 0;
}

1;
