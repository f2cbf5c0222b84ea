/* book_id: makes IDs for books that come without one. */
#ifndef BOOK_BOOK_ID_H
#define BOOK_BOOK_ID_H

#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

/*
 * Returns an ID as those of bookshare-generate, in arena: the first letters of at most four words of title, three
 * digits, a hyphen and five digits, "TOd512-30171". random: a random number; there are 80 million IDs for a title, so
 * try another one if it is taken. title may hold any bytes.
 */
struct text book_id_make(struct arena *arena, struct text title, uint64_t random);

#endif
