/*
 * index: answers queries from the search index (index_file.h) with the changes since laid over it (overlay.h): exactly
 * what the table holds at one version, within some milliseconds. Which version may be shown, and when an index is to be
 * built, is the business of catalogue_find.c.
 */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/change.h"
#include "book/query.h"
#include "book/version.h"

struct index;

/* Returns the index at path, which need not be there (yet). Free it with index_free(). */
struct index *index_new(const char *path);
void index_free(struct index *index);

/* Takes the index if there is another one than before. Returns whether there is one that can be used. */
bool index_refresh(struct index *index);

/* The version that answers are of; only while index_refresh() says that there is an index. */
struct version index_version(const struct index *index);

/* How many books there are. */
uint64_t index_books(const struct index *index);

/* The size of the index in bytes. */
uint64_t index_bytes(const struct index *index);

/* How many books were changed since the index was made. */
size_t index_changed(const struct index *index);

/* Brings it forward by changes, at least one. On anything but ERR_OK the index is not used any more. */
enum err_code index_apply(struct index *index, const struct change *changes, size_t count, struct err *err);

/* Forgets the changes: back to what the file holds. */
void index_restart(struct index *index);

/*
 * What a query found. It lives in arena, and is valid until the index is refreshed or brought forward. ERR_INVALID: the
 * search has too many clauses. ERR_BUSY: the query's deadline has passed.
 */
struct found;
enum err_code index_query(struct index *index, const struct query *query, struct arena *arena, struct found **found,
                          struct err *err);

/* How many books it is. */
uint64_t found_total(const struct found *found);

/*
 * Gives the part that the query asks for. This and found_facets() leave off when the query's deadline passes: the
 * caller asks deadline_error() behind them.
 */
void found_part(const struct found *found, struct arena *arena, struct book_list *list);

/* Counts the values of the fields that have choices. A field with too many different values is left out. */
void found_facets(const struct found *found, struct arena *arena, struct facets *facets);

/* All of it, book by book, in the order of the query; offset and limit aside. arena: for the next book alone. */
struct found_walk;
struct found_walk *found_walk_new(const struct found *found);
bool found_walk_next(struct found_walk *walk, struct arena *arena, struct book *book);

#endif
