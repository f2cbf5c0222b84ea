/*
 * gather: the result of a query from books that arrive one by one, ordered by ID: all of the table, where there is no
 * search index. It keeps only the requested part, or the books before it where the order is another one.
 */
#ifndef BOOK_GATHER_H
#define BOOK_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "book/query.h"

struct gather;

/*
 * Returns an empty result for query, which must outlive it; NULL with ERR_INVALID in err if the part begins so late in
 * an order other than by ID that LIMIT_GATHERED books are before its end. Free it with gather_free().
 */
struct gather *gather_new(const struct query *query, struct err *err);
void gather_free(struct gather *gather);

/* Adds a book if it satisfies the query. */
void gather_add(struct gather *gather, const struct book *book);

/* Returns whether a book satisfies the query. */
bool gather_takes(struct gather *gather, const struct book *book);

/* Returns the number of books that satisfy the query. */
uint64_t gather_total(const struct gather *gather);

/* Copies the requested part into arena. */
void gather_part(struct gather *gather, struct arena *arena, struct book_list *list);

#endif
