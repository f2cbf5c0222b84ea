# Each kind of page that a crawler finds, opened in a browser: nothing on the console, nothing that does not load.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Crawler;
use BookShare::Test;

needs_browser();
my $stack   = stack(rows => 250, page_files => 1);
my $crawler = BookShare::Crawler->new(address => $stack->url(''), most_parameters => 1);

topic 'the console stays empty' => undef, sub {
    warm();
    warm_index();
    $crawler->read_pages;
    $crawler->addresses > 35 or die "the crawler has found hardly anything\n";
    relay('console.js', $crawler->addresses);
};

run_topics;
