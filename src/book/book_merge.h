/* book_merge: brings two edits of one book together, field by field, by what the book was when both began. */
#ifndef BOOK_BOOK_MERGE_H
#define BOOK_BOOK_MERGE_H

#include <stdbool.h>

#include "book/book.h"

/*
 * base: the book that mine was made of; mine: what somebody wants it to be; theirs: what is stored now. In *merged, a
 * field that mine left as it was in base is that of theirs, and one that theirs left is that of mine. Blanks at the
 * ends do not count as an edit: the fields of a form do not keep them.
 *
 * A field that both have changed, each to another value, collides: collides[field] is true, and merged has mine.
 * Returns how many do. merged's texts are those of mine and theirs; its ID is that of theirs.
 */
int book_merge(const struct book *base, const struct book *mine, const struct book *theirs, struct book *merged,
               bool collides[BOOK_FIELDS]);

#endif
