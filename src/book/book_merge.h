/* book_merge: three-way merge of two edits of one book, field by field. */
#ifndef BOOK_BOOK_MERGE_H
#define BOOK_BOOK_MERGE_H

#include <stdbool.h>

#include "book/book.h"

/*
 * base: the book before the edits; mine: the user's edit; theirs: the book now stored. In *merged, a field unchanged in
 * mine comes from theirs, and a field unchanged in theirs from mine. Blanks at the ends do not count as an edit: form
 * fields do not keep them.
 *
 * A field that both changed to different values is a conflict: collides[field] is true, and merged has mine. Returns
 * the number of conflicts. merged shares the texts of mine and theirs; its ID is their ID.
 */
int book_merge(const struct book *base, const struct book *mine, const struct book *theirs, struct book *merged,
               bool collides[BOOK_FIELDS]);

#endif
