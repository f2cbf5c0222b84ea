# The list, live: rows as one types, sorts, filters and turns pages, and a page that is at every moment the one that the
# server would have sent.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 1050);
add_book(book_id => '!M', title => 'Ünder <b>the</b> & "Straße" 📚', category => q{Odd & "sorts" <i>'}, publisher => 'été');
wait_for('the search index', 15, sub { message(GET('/list?search=the')) =~ /search index/ });

topic 'the list, live' => undef, sub { relay('live.js', $stack->url('')) };

run_topics;
