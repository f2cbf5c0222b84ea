/* books: a small table and its search index, for the targets that need them. */
#ifndef T_BOOKS_H
#define T_BOOKS_H

#include "book/book.h"
#include "index/index.h"

enum { BOOKS = 48 };

/* Returns BOOKS books, in no order. They and their texts live as long as the process. */
const struct book *books_all(void);

/* Returns the bytes of the index of these books, which live as long as the process. No file is left behind. */
struct text books_index(void);

/*
 * Returns an index whose file holds these bytes, or NULL if they are refused. Do not refresh it: there is no file any
 * more. Free it with index_free().
 */
struct index *books_open_index(struct text bytes);

#endif
