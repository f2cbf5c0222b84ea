# The forms of a book: two people at one, a network that is away, the way back to the row; with and without JavaScript.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 1050);

topic 'with JavaScript'    => undef, sub { relay('forms.js', $stack->url(''), 'js') };
topic 'without JavaScript' => undef, sub { relay('forms.js', $stack->url(''), 'nojs') };

run_topics;
