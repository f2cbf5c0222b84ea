# A file of books, uploaded in a browser: progress while it is imported, and the same result without JavaScript.

use v5.20;
use warnings;
use utf8;

use File::Temp;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 250, workers => 3);
my $place = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);

for my $mode (qw(js nojs)) {
    topic $mode => undef, sub {
        my $file = "$place/$mode.csv";
        open my $out, '>', $file or die "$file: $!";
        print {$out} "ID,Title\n", map {"~$mode$_,A title\n"} 1 .. 5000;
        close $out or die "$file: $!";
        relay('import.js', $stack->url(''), $mode, $file);
    };
}

run_topics;
