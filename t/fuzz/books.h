/* books: a small table and its find index, for the targets that need them. */
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
 * Returns a find for an index of these bytes, or NULL if they are refused. Do not refresh it: there is no file any
 * more. Free it with find_free().
 */
struct find *books_find(struct text index);

#endif
