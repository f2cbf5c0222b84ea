/*
 * rows: the rows of a long table at the speed of copying.
 *
 * Most of a list page is one piece of its template, repeated for each book. ClearSilver renders the page with
 * three specimen books, whose values are marks; what stands from the first mark of one to the first mark of the next is
 * the text of a row, wherever in it that begins, and it is repeated here for the real books with their values, escaped,
 * in the place of the marks. Three, so that it shows whether rows are alike. The template stays an ordinary one. What
 * it must not do within its loop is to decide by a book's values, which are only marks then; t/unit/rows.c holds the
 * result against ClearSilver's own.
 */
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "view/mark.h"

/* What a mark stands for: a field of the book (enum book_field), or */
enum { ROWS_ENCODED_ID = BOOK_FIELDS, ROWS_VALUES };

enum { ROWS_SPECIMENS = 3 };

/* Returns the mark of a value of a specimen, from 0 to ROWS_SPECIMENS - 1. */
char *rows_mark(struct arena *arena, int specimen, int value);

/*
 * Adds page, as it was rendered with the specimens, to out, with list's books in their place; list has at least one.
 * What marks (NULL: nothing) find in a value is put into <mark>, but not where the value stands within a tag.
 * Returns false, and adds nothing, if the marks do not stand in page as rows of one pattern.
 */
bool rows_expand(struct text page, const struct book_list *list, const struct marks *marks, struct buf *out);

#endif
