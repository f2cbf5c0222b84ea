/* list: the pages of the list of books, and of the searches in it. */
#ifndef WEB_LIST_H
#define WEB_LIST_H

#include "web/route.h"

/* Shows a page of the list or of what a query found. A page that everybody may be given is kept as a file afterwards.
 */
void list_show(struct exchange *exchange);

/* Gives a search that was sent as a form an address that can be kept and shared. */
void list_search(struct exchange *exchange);

#endif
