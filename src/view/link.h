/*
 * link: the addresses of our pages, encoded. Whoever puts one into a page or a redirect asks here.
 */
#ifndef VIEW_LINK_H
#define VIEW_LINK_H

#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

/* A place in the list, to show it or to come back to it: a page, from 1 on, of the whole or of a search. */
struct link_place {
    uint64_t page;
    struct text search; /* empty: the whole list */
};

/* Each returns a string in arena: "/list?page=2&search=T", "/update/ID?page=2", ... Page 1 goes without saying. */
char *link_list(struct arena *arena, struct link_place place);
char *link_add(struct arena *arena, struct link_place back);
char *link_update(struct arena *arena, struct text id, struct link_place back);
char *link_delete(struct arena *arena, struct text id, struct link_place back);

/* The same for an ID that is percent-encoded already. */
char *link_update_encoded(struct arena *arena, const char *id, struct link_place back);
char *link_delete_encoded(struct arena *arena, const char *id, struct link_place back);

/* The address of the page to upload a file of books. */
const char *link_import(void);

#endif
