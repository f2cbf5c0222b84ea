# Every page: axe-core finds nothing, light or dark, on a phone or a desk.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 1050);
my $id    = q{~"Long & <odd>" / 30 character};        # the last of the list
add_book(
    book_id => $id, title => 'W' x 255, category => 'Category' x 12, authors => 'Many Authors; ' x 18 . 'x',
    publisher => 'Ünbröken' x 30, edition => 'x' x 50, available_from => '2024-02-29',
);

topic 'the looks of every page' => undef, sub { relay('looks.js', $stack->url(''), $id) };

run_topics;
