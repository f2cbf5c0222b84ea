# A person with a browser: adds, finds, updates and deletes a book, with and without JavaScript.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 1050);

topic 'with JavaScript'    => undef, sub { relay('books.js', $stack->url(''), 'js') };
topic 'without JavaScript' => undef, sub { relay('books.js', $stack->url(''), 'nojs') };

run_topics;
