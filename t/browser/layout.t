# What can be seen at each width, light and dark: rows, page bar, letters, parts of forms.

use v5.20;
use warnings;
use utf8;

use BookShare::Browser;
use BookShare::Test;

needs_browser();
my $stack = stack(rows => 1050);
my $id    = '!LONG values, one and all';
add_book(
    book_id => $id, title => 'A long title ' x 12, category => 'Biography and memoirs of travellers in the North',
    authors => 'Many Authors and Sons; ' x 9, publisher => 'Printed for the author, and Sons, and the booksellers ' x 3,
    edition => 'Third edition, corrected and enlarged', available_from => '2024-02-29',
);

topic 'the layout' => undef, sub { relay('layout.js', $stack->url(''), $id) };

run_topics;
