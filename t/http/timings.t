# /timings: how long fetching books takes, measured on demand, by one worker at a time.

use v5.20;
use warnings;
use utf8;

use POSIX ();
use Time::HiRes qw(sleep time);

use BookShare::Test;

my $stack = stack(rows => 2250, workers => 3, page_files => 1);
warm('/list?page=3');

# The rows of the chart: what is fetched => its time, or why there is none.
sub chart {
    my ($page) = @_;
    my %time;
    while ($page->{html} =~ m{<tr[^>]*>\s*<th scope="row">(.*?)(?: <span>(.*?)</span>)?<svg.*?</th>\s*<td>(.*?)</td>}gs) {
        my ($what, $about, $cell) = ($1, $2, $3);
        $time{$what} = { about => $about, time => $cell =~ s/<[^>]*>//gr };
    }
    return \%time;
}

sub measure { return POST('/timings', '') }

# Keeps the table from everybody; the code returned lets go of it.
sub hold_table { return session('LOCK TABLES music WRITE, music_version WRITE') }

# Waits until a measurement waits for the table, of which it scans all.
sub somebody_waits { return runs(1, '%books FROM music_version', '%metadata lock%') }

my $time = qr/^\d+(?:\.\d+)? [mµ]?s$/;

topic 'before anything is measured it shows the original, and how to begin' => 6, sub {
    my $page = GET('/timings');
    is $page->{status}, 200;
    my $chart = chart($page);
    is $chart->{'The first page of the original'}{time}, '7.10 s';
    is $chart->{'Its next pages'}{time}, '0.85 s';
    is $chart->{'A page from Redis'}{time}, 'not yet measured';
    shows $page, qr/Measure now/;
    ok +(grep { $_ eq '/timings' } hrefs(GET('/'))), 'the home page leads there';
};

topic 'it measures each way' => 15, sub {
    wait_for('a page file', 10, sub { header(GET('/list'), 'Cache-Status') =~ /page-file/ });
    my ($answer, $page, $chart);
    wait_for('a measurement with Redis and the index, which may be slow on a busy machine', 20, sub {
        $answer = measure();
        $chart  = chart($page = GET('/timings'));
        return !grep { $chart->{"A page from $_"}{time} eq 'not available yet' } 'Redis', 'the search index';
    });
    is $answer->{status}, 303;
    is header($answer, 'Location'), '/timings';
    like $chart->{$_}{time}, $time, $_
        for map({"The whole table from $_"} qw(MySQL Redis)), map({"A page from $_"} 'MySQL', 'the search index', 'Redis', 'its file');
    is $chart->{"The whole table from $_"}{about}, '2,250 books', $_ for qw(MySQL Redis);
    is $chart->{"A page from $_"}{about}, 'Page 12, 100 books', "a page from $_, of the middle" for 'MySQL', 'the search index', 'Redis';
    shows $page, qr/Measured on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;
    is +(() = $page->{html} =~ /<rect /g), 8, 'a bar for each';
};

topic 'every worker shows the last result' => 1, sub {
    my %at = map { $_ => 1 } everywhere(sub { GET('/timings')->{html} =~ /Measured on ([^,]+),/ ? $1 : 'nothing' });
    is scalar(keys %at), 1;
};

topic 'one at a time: a second one is asked to come back, and others are served meanwhile' => 7, sub {
    my $release = hold_table();
    my $first = behind(sub { measure()->{status} });
    somebody_waits();
    my $second = measure();
    is $second->{status}, 503;
    like header($second, 'Retry-After'), qr/^\d+$/;
    shows $second, qr/A measurement is running/;
    ok +(grep { $_ eq '/timings' } hrefs($second)), 'with a way to the last result';
    is GET('/timings')->{status}, 200, 'which is shown';
    $release->();
    is $first->(), 303, 'the first one comes to its end';
    is measure()->{status}, 303, 'and then there is room for another';
};

topic 'a worker that dies does not keep others from measuring' => 2, sub {
    my $release = hold_table();
    my $first = behind(sub { measure()->{status} });
    somebody_waits();
    is measure()->{status}, 503;
    $stack->kill('worker', 'KILL');
    allow(qr/bookshare-pool: worker \d died of signal 9/);
    $first->();
    $release->();
    workers();
    is measure()->{status}, 303;
};

topic 'what cannot be measured says why' => 12, sub {
    $stack->kill('redis', 'KILL');
    is measure()->{status}, 303, 'Redis away';
    my $chart = chart(GET('/timings'));
    is $chart->{"$_ from Redis"}{time}, 'no response', "$_ from Redis" for 'The whole table', 'A page';
    like $chart->{"$_ from MySQL"}{time}, $time, "$_ from MySQL" for 'The whole table', 'A page';
    $stack->start_redis;
    $stack->redis('SET', '{bookshare}:meta', 'something else');
    is measure()->{status}, 303, 'Redis without a list';
    like chart(GET('/timings'))->{'A page from Redis'}{time}, qr/^not available yet$/;
    $stack->redis('DEL', '{bookshare}:meta');
    warm('/list?page=3&x');
    $stack->kill('mysql', 'KILL');
    is measure()->{status}, 303, 'MySQL away';
    $chart = chart(GET('/timings'));
    is $chart->{"$_ from MySQL"}{time}, 'no response', "$_ from MySQL" for 'The whole table', 'A page';
    like $chart->{"$_ from Redis"}{time}, $time, "$_ from Redis" for 'The whole table', 'A page';
    $stack->start_mysql;
};

topic 'a bound of Redis commands: one segment at a time' => 2, sub {
    warm('/list?page=3&x');
    $stack->redis('CONFIG', 'RESETSTAT');
    is measure()->{status}, 303;
    my $calls = 0;
    $calls = $1 if $stack->redis('INFO', 'commandstats') =~ /^cmdstat_lrange:calls=(\d+)/m;
    cmp_ok $calls, '>=', 3, 'each segment for itself';
};

topic 'it is a write, as far as it may come from' => 3, sub {
    is POST('/timings', '', 'sec-fetch-site' => 'cross-site')->{status}, 403;
    my $before = GET('/timings')->{html} =~ s/\d+ ms//gr;
    is GET('/timings?measure=1')->{html} =~ s/\d+ ms//gr, $before, 'reading measures nothing';
    is request('PUT', '/timings')->{status}, 405;
};

run_topics;
