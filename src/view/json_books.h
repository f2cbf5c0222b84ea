/* json_books: a page of the books that a query found, and the values of a field, for programs. */
#ifndef VIEW_JSON_BOOKS_H
#define VIEW_JSON_BOOKS_H

#include "base/buf.h"
#include "book/query.h"
#include "catalogue/catalogue.h"

/* A page of the API with links to others. */
struct json_page {
    const struct catalogue_page *found;
    const struct query *query;
    uint64_t page, pages; /* 0: the page starts after a book (query->after), not at a page number */
    const char *source;
    const char *self, *first, *prev, *next, *last; /* URLs; NULL: none */
};

/* Appends it as an object. */
void json_books(const struct json_page *page, struct buf *out);

/* Appends the values of a field as an object. */
void json_values(const struct facet *facet, struct buf *out);

#endif
