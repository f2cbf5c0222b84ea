/* json_books: a page of the books that a query found, for programs. */
#ifndef VIEW_JSON_BOOKS_H
#define VIEW_JSON_BOOKS_H

#include "base/buf.h"
#include "book/query.h"
#include "catalogue/catalogue.h"

/* A page of the API, and the way to others. */
struct json_page {
    const struct catalogue_page *found;
    const struct query *query;
    uint64_t page, pages; /* 0: the part begins behind a book (query->after) rather than at a page's number */
    const char *source;
    const char *self, *first, *prev, *next, *last; /* addresses; NULL: there is none */
};

/* Adds it as an object. */
void json_books(const struct json_page *page, struct buf *out);

#endif
