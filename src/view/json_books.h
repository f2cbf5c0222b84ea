/* json_books: books for programs, written with yajl: one, or a page of what a query found. */
#ifndef VIEW_JSON_BOOKS_H
#define VIEW_JSON_BOOKS_H

#include "base/buf.h"
#include "book/book.h"
#include "catalogue/catalogue.h"
#include "book/query.h"

/* Adds a book as an object with a member for each field; null stands for a field without a value. */
void json_book(const struct book *book, struct buf *out);

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
