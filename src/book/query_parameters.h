/*
 * query_parameters: parses URL parameters into a query. The list, the API and the exports have the same parameters:
 *
 *     page=2 per_page=50 search=... category=... publisher=... edition=... from=2020-01-01 until=2020-12-31
 *     sort=title, sort=-title (reverse), sort=best (the default of a search)
 *     sort=category,-title (those of a category by title, reverse)
 *     hide=authors (a column that the list leaves out; for several columns, several times)
 */
#ifndef BOOK_QUERY_PARAMETERS_H
#define BOOK_QUERY_PARAMETERS_H

#include <stdbool.h>

#include "base/mem.h"
#include "book/parameters.h"
#include "book/query.h"

/*
 * Parses a query from parameters, whose texts it shares. Ignores unknown and empty parameters. None that the list, the
 * API or the exports know may be repeated, not even an empty one. Returns a sentence about an error, which may live in
 * arena, or NULL.
 */
const char *query_read(const struct parameters *parameters, struct arena *arena, struct query *query);

/* The same for pages of at most most books, instead of the page sizes of the list. */
const char *query_read_up_to(const struct parameters *parameters, size_t most, struct arena *arena,
                             struct query *query);

/* The same for the page to return to, given as a query string. An invalid query is the whole list. */
void query_read_back(struct text text, struct arena *arena, struct query *query);

/*
 * Appends a query as parameters for query_read(), percent-encoded: "page=2&search=T&sort=-title". Omits defaults: page
 * 1, LIMIT_PAGE_ROWS books per page, the usual order. Appends nothing for query_whole.
 */
void query_write(struct buf *out, const struct query *query);

/*
 * Returns whether a query has the order that it has without the parameter sort: best first in a
 * search, by ID in the whole list and after an ID.
 */
bool query_has_usual_order(const struct query *query);

/* Appends the order of a query as the value of sort: "title", "category,-title", "best". */
void query_write_order(struct buf *out, const struct query *query);

#endif
