/*
 * query_parameters: what the parameters of an address ask for, checked and turned into a query. The list, the API and
 * the exports take the same ones:
 *
 *     page=2 per_page=50 search=... category=... publisher=... edition=... from=2020-01-01 until=2020-12-31
 *     sort=title, sort=-title (the other way round)
 */
#ifndef BOOK_QUERY_PARAMETERS_H
#define BOOK_QUERY_PARAMETERS_H

#include <stdbool.h>

#include "base/mem.h"
#include "book/parameters.h"
#include "book/query.h"

/*
 * Reads a query from parameters, whose texts it shares. Others are let by, and empty ones go for absent. Returns a
 * sentence about what is wrong, which may lie in arena, or NULL.
 */
const char *query_read(const struct parameters *parameters, struct arena *arena, struct query *query);

/* The same where a page may have other numbers of books than on the list: at most so many. */
const char *query_read_up_to(const struct parameters *parameters, size_t most, struct arena *arena,
                             struct query *query);

/* The same for where to come back to: parameters of an address in one text. What is no query is the whole list. */
void query_read_back(struct text text, struct arena *arena, struct query *query);

/*
 * Adds the parameters that query_read() would read the query from, percent-encoded: "page=2&search=T&sort=-title".
 * Defaults are left out: page 1, pages of LIMIT_PAGE_ROWS, the order of the IDs. Adds nothing for query_whole.
 */
void query_write(struct buf *out, const struct query *query);

#endif
