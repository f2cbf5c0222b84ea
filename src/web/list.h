/* list: the pages of the list of books, and of the searches in it. */
#ifndef WEB_LIST_H
#define WEB_LIST_H

#include "catalogue/catalogue.h"
#include "web/route.h"

/* Where a page came from, for people, by enum catalogue_source. */
extern const char *const list_sources[];

/* Tells programs where a page came from, how long loading took, and at which version it is. */
void list_state_headers(struct exchange *exchange, const struct catalogue_page *page, double seconds);

/* Shows a page of the list or of what a query found. A page that everybody may be given is kept as a file afterwards.
 */
void list_show(struct exchange *exchange);

/* Gives a search that was sent as a form an address that can be kept and shared. */
void list_search(struct exchange *exchange);

#endif
