# Every link and every form of every page, in every state: none leads to an error, no worker dies. Once with the normal
# programs, once with sanitizers.

use v5.20;
use warnings;
use utf8;

use BookShare::Crawler;
use BookShare::Test;

my $stack = stack(rows => 250, page_files => 1);

# Crawls with the worker that a build has.
sub crawl {
    my ($worker) = @_;
    if ($worker) {
        -x $worker or return fail("$worker is missing");
        $stack->stop_pool;
        $stack->{worker} = $worker;
        $stack->start_pool;
    }
    warm();
    warm_index();
    my $crawler = BookShare::Crawler->new(address => $stack->url(''));
    my @before  = workers();
    $crawler->read_pages;
    $crawler->send_forms;
    is join("\n", $crawler->faults), '', 'no visitor gets an error';
    is join(' ', workers()), "@before", 'no worker has ended';
    my $count = $crawler->count;
    note "$count->{pages} pages, $count->{files} files, $count->{forms} forms";
    cmp_ok $count->{pages}, '>', 250, 'there were enough of them';
    cmp_ok $count->{forms}, '>', 50,  'and of forms';
    return;
}

topic 'as installed'    => 4, sub { crawl() };
topic 'with sanitizers' => 4, sub { crawl("$ENV{BOOKSHARE_BUILD}/sanitized/bookshare-worker") };

run_topics;
