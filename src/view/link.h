/*
 * link: the encoded URLs of all pages. Every link and redirect is built here, below the base path of the site. (A
 * request's path loses the base in web/request.c.)
 */
#ifndef VIEW_LINK_H
#define VIEW_LINK_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/history.h"
#include "book/query.h"

/*
 * Sets the base path of the site and its address, as in config.base and config.url, once per process before the first
 * link. Both must outlive all links. Without a call they are "": the root, and unknown.
 */
void link_set_site(const char *base, const char *url);
const char *link_base(void);
const char *link_site(void); /* "https://books.example.org"; "": unknown */

/* The Path of cookies for the whole site: "/" or the base path. */
const char *link_cookie_path(void);

/* Returns a string in arena: the URL of a path on this site, such as "/timings". */
char *link_path(struct arena *arena, const char *path);

char *link_home(struct arena *arena);
char *link_whole_list(struct arena *arena);

/* Each returns a string in arena, after the base path: "/list?page=2&search=T", "/update/ID?page=2", ...; back: the
 * page to return to. */
char *link_list(struct arena *arena, const struct query *query);
char *link_row(struct arena *arena, const struct query *query, struct text id); /* the list, at the row of a book */
char *link_at_row(struct arena *arena, const char *list, struct text id); /* the same for the URL of a list page */
char *link_phrase(struct arena *arena, enum book_field field,
                  struct text value);                             /* the list, searched for this value in a field */
char *link_books(struct arena *arena, const struct query *query); /* of the API */
char *link_book(struct arena *arena, struct text id);             /* of the API: "/api/books/ID" */
char *link_values(struct arena *arena, const char *field);        /* of the API: the values of a field */
char *link_description(struct arena *arena);                      /* of the API, in OpenAPI */
char *link_filters(struct arena *arena,
                   const struct query *query); /* the list with unfolded filters and counted choices */
char *link_export(struct arena *arena, const char *format, const struct query *query); /* the whole result as a file */
char *link_add(struct arena *arena, const struct query *back);
/* The form that adds a book with the category, authors and publisher of another one. */
#define LINK_LIKE "like"
char *link_add_like(struct arena *arena, const struct query *back, struct text id);

char *link_update(struct arena *arena, struct text id, const struct query *back);
char *link_delete(struct arena *arena, struct text id, const struct query *back);

/* The pages of one book, and where a form restores a state of it. */
char *link_book_page(struct arena *arena, struct text id);
char *link_restore(struct arena *arena, struct text id);

/* The form "update" or "delete" of a book, from which the way back leads to the page of the book. */
#define LINK_BACK_TO_BOOK "book" /* as the parameter back of these forms, instead of a query */
char *link_from_book(struct arena *arena, const char *form, struct text id);

/*
 * The log of changes. link_history_path() returns the path of that of a book, without the base path: books is "/books/"
 * or "/api/books/". link_changes() makes the link of such a path, or of "/changes", with the filters of query (NULL:
 * none); link_older() that of the changes after these.
 */
char *link_history_path(struct arena *arena, const char *books, struct text id);
char *link_changes(struct arena *arena, const char *path, const struct history_query *query);
char *link_older(struct arena *arena, const char *path, const struct history_query *query,
                 const struct history *history);

/* The same for an ID that is already percent-encoded. */
char *link_book_page_encoded(struct arena *arena, const char *id);
char *link_update_encoded(struct arena *arena, const char *id, const struct query *back);

/* The form that edits all books that a query finds, or named ones and then leads back to a page of the list. */
char *link_edit(struct arena *arena, const struct query *query);
char *link_edit_back(struct arena *arena, const struct query *query);

/* The page of such an edit. */
char *link_edits(struct arena *arena, uint64_t number);

char *link_import(struct arena *arena);
char *link_import_progress(struct arena *arena);
char *link_timings(struct arena *arena);

/* For people. to: the path to return to, without the base path; left out if it is long or empty. */
char *link_sign_in(struct arena *arena, struct text to);
char *link_user(struct arena *arena, struct text name);
char *link_invitation(struct arena *arena, struct text secret);
char *link_account(struct arena *arena);
char *link_users(struct arena *arena);

#endif
