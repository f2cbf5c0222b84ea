/*
 * mark: the matches of a search in a book, for highlighting.
 *
 * A search compares folded text (base/fold.h). The marks are in the original text and cover whole characters as readers
 * see them: a letter with its accents, a ligature as one.
 */
#ifndef VIEW_MARK_H
#define VIEW_MARK_H

#include <stddef.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/query.h"

struct marks;

/* Returns the marks for the words of a search, in arena; NULL if there are none. */
struct marks *marks_new(struct arena *arena, const struct query *query);

/* A range of bytes in a value. */
struct mark {
    size_t at, len;
};

/*
 * Finds the matches in the value of a field: of words searched in all fields or in this one; of an ID only its
 * start. Returns the number of ranges. *all, in the arena, is sorted; its ranges do not touch. marks may be NULL.
 */
size_t marks_find(const struct marks *marks, enum book_field field, struct text value, const struct mark **all);

#endif
