/*
 * link: the addresses of our pages, encoded. Whoever puts one into a page or a redirect asks here.
 */
#ifndef VIEW_LINK_H
#define VIEW_LINK_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/query.h"

/* Each returns a string in arena: "/list?page=2&search=T", "/update/ID?page=2", ...; back: where to come back to. */
char *link_list(struct arena *arena, const struct query *query);
char *link_row(struct arena *arena, const struct query *query, struct text id); /* the list at the row of a book */
char *link_find(struct arena *arena, struct text id);               /* the list, searched for this very ID */
char *link_books(struct arena *arena, const struct query *query);   /* of the API */
char *link_book(struct arena *arena, struct text id);               /* likewise: "/api/books/ID" */
char *link_filters(struct arena *arena, const struct query *query); /* the list, its filters with choices and open */
char *link_export(struct arena *arena, const char *format,
                  const struct query *query); /* all that is found, as a file */
char *link_add(struct arena *arena, const struct query *back);
char *link_update(struct arena *arena, struct text id, const struct query *back);
char *link_delete(struct arena *arena, struct text id, const struct query *back);

/* The same for an ID that is percent-encoded already. */
char *link_update_encoded(struct arena *arena, const char *id, const struct query *back);
char *link_delete_encoded(struct arena *arena, const char *id, const struct query *back);

/* The address of the page to upload a file of books. */
const char *link_import(void);
const char *link_import_progress(void);

#endif
