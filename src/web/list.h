/* list: the pages of the list of books and of searches. */
#ifndef WEB_LIST_H
#define WEB_LIST_H

#include "catalogue/catalogue.h"
#include "web/route.h"

/* Display names of the sources, by enum catalogue_source. */
extern const char *const list_sources[];

/* Sends the headers with the source, the loading time and the version of a page. */
void list_state_headers(struct exchange *exchange, const struct catalogue_page *page, double seconds);

/*
 * Shows a page of the list or of a query's result. Afterwards stores it as a page file if it is the same for everyone.
 */
void list_show(struct exchange *exchange);

/*
 * Returns the ID of the book whose row takes the place of that of book id on the page of query if the book is deleted:
 * the next one, or the last if there is none. Empty if the page does not have the book or cannot be read at once.
 */
struct text list_neighbour(struct exchange *exchange, const struct query *query, struct text id);

/* Redirects a search that was submitted as a form to a URL that can be bookmarked and shared. */
void list_search(struct exchange *exchange);

#endif
