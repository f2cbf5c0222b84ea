/* book_page: the page of one book, which people share; for a deleted one, what it was and how to restore it. */
#ifndef WEB_BOOK_PAGE_H
#define WEB_BOOK_PAGE_H

#include "web/route.h"

/* GET /books/ID */
route_handler book_page_show;

#endif
