# A site below a base path, in a browser: its scripts stay below it, and the console stays empty.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Crawler;
use BookShare::Test;

needs_browser();
my $stack   = stack(rows => 250, page_files => 1, base => '/~user/books');
my $crawler = BookShare::Crawler->new(address => $stack->url(''), most_parameters => 0);
wait_for('the search index', 15, sub { message(GET('/list?search=the')) =~ /search index/ });

topic 'the live list and forms' => undef, sub { relay('base.js', $stack->url('')) };

topic 'the console stays empty' => undef, sub {
    $crawler->read_pages;
    $crawler->addresses > 5 or die "the crawler has found hardly anything\n";
    relay('console.js', $crawler->addresses);
};

run_topics;
