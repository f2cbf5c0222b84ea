/*
 * rows: the rows of a long table at the speed of copying.
 *
 * Most of a list page is one piece of its template, repeated for each book. ClearSilver renders the page with three
 * specimen books whose values are placeholders. The text from the first placeholder of one to that of the next is the
 * text of a row, wherever in the row that starts. This code repeats it for the real books and replaces the placeholders
 * by their escaped values. With three specimens it can check that rows are alike. The template is an ordinary one, but
 * its loop must not depend on a book's values, which are only placeholders. t/unit/rows.c compares the result with
 * ClearSilver's own.
 */
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "view/mark.h"

/* The value of a placeholder: a field of the book (enum book_field), or */
enum { ROWS_ENCODED_ID = BOOK_FIELDS, ROWS_VALUES };

enum { ROWS_SPECIMENS = 3 };

/* Returns the placeholder for a value of a specimen (0 to ROWS_SPECIMENS - 1). */
char *rows_placeholder(struct arena *arena, int specimen, int value);

/*
 * Appends page, rendered with the specimens, to out, with the books of list in their place; list has at least one.
 * Matches of marks (NULL: none) are wrapped in <mark>, except in a tag. Returns false and appends nothing if the
 * placeholders in page are not rows of one pattern.
 */
bool rows_expand(struct text page, const struct book_list *list, const struct marks *marks, struct buf *out);

#endif
