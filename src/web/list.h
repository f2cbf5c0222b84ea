/* list: the pages of the list of books, and of the searches in it. */
#ifndef WEB_LIST_H
#define WEB_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "web/route.h"

/* Shows a page of the list or of a search. A page that everybody may be given is kept as a file afterwards. */
void list_show(struct exchange *exchange);

/* Gives a search that was sent as a form an address that can be kept and shared. */
void list_search(struct exchange *exchange);

/* Reads a page number from 1 to LIMIT_PAGE_NUMBER; an empty text is page 1. Returns false if it is none. */
bool list_page_number(struct text text, uint64_t *page);

#endif
