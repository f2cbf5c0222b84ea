/*
 * mark: what in a book a search has found, so that a page can show it.
 *
 * A search is compared folded (base/fold.h). What it found is marked in the text as it stands, by whole characters as
 * readers see them: a letter with its accents, a ligature in one piece.
 */
#ifndef VIEW_MARK_H
#define VIEW_MARK_H

#include <stddef.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"

struct marks;

/* Returns what marks the words of a search, in arena; NULL if there are none. */
struct marks *marks_new(struct arena *arena, struct text search);

/* Bytes of a value. */
struct mark {
    size_t at, len;
};

/*
 * Finds in the value of a field what the search means there: words that are searched for in all fields or in this one;
 * of an ID, the whole. Returns how many marks there are, in the order of the text, none touching the next; *all lies in
 * the arena. marks may be NULL.
 */
size_t marks_find(const struct marks *marks, enum book_field field, struct text value, const struct mark **all);

#endif
