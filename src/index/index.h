/*
 * index: answers queries from the search index (index_file.h) plus an overlay of the changes since (overlay.h): exactly
 * the table at one version, in a few milliseconds. catalogue_find.c decides which version may be shown and when to
 * build an index.
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

/* Returns the index at path, which need not exist yet. Free it with index_free(). */
struct index *index_new(const char *path);
void index_free(struct index *index);

/* Opens the index if the file was replaced. Returns whether there is a usable one. */
bool index_refresh(struct index *index);

/* Returns the version of the answers; only valid while index_refresh() returns true. */
struct version index_version(const struct index *index);

/* Returns the number of books. */
uint64_t index_books(const struct index *index);

/* Returns the size of the index in bytes. */
uint64_t index_bytes(const struct index *index);

/* Returns the number of books changed since the index was built. */
size_t index_changed(const struct index *index);

/* Applies one or more changes. Unless it returns ERR_OK, the index is no longer used. */
enum err_code index_apply(struct index *index, const struct change *changes, size_t count, struct err *err);

/* Drops the changes: back to the content of the file. */
void index_restart(struct index *index);

/*
 * Reads at most limit books of the whole list, ordered by ID, skipping the first offset. The result lives in arena and
 * is valid until the index is refreshed or changed. Takes about as long for any offset.
 */
void index_page(struct index *index, uint64_t offset, size_t limit, struct arena *arena, struct book_list *list);

/*
 * Runs a query. The result lives in arena and is valid until the index is refreshed or changed. ERR_BUSY: the
 * query's deadline has passed.
 */
struct found;
enum err_code index_query(struct index *index, const struct query *query, struct arena *arena, struct found **found,
                          struct err *err);

/* Returns the number of books in the result. */
uint64_t found_total(const struct found *found);

/*
 * Returns the requested part. This and found_facets() stop when the query's deadline passes: call deadline_error()
 * after them.
 */
void found_part(const struct found *found, struct arena *arena, struct book_list *list);

/*
 * Suggests other searches for a query that finds `total` books: with words that are spelled nearly like its own, and
 * that find more. The texts live in arena. Stops early when the query's deadline passes.
 */
void index_suggest(struct index *index, const struct query *query, uint64_t total, struct arena *arena,
                   struct suggestions *suggestions);

/* Counts the values of the fields with choices. Skips a field with too many distinct values. */
void found_facets(const struct found *found, struct arena *arena, struct facets *facets);

/*
 * Finds the values of a field that begin with a text, as a search compares them (query_fold()), leading punctuation
 * aside: at most limit, the most frequent first, with the number of books that have each. The field is one of text. The
 * result lives in arena. Takes about a millisecond for a million values and changes.
 */
void index_values(struct index *index, enum book_field field, struct text start, size_t limit, struct arena *arena,
                  struct facet *facet);

/*
 * Iterates over the whole result in the order of the query, ignoring offset and limit. arena only holds the next book.
 */
struct found_walk;
struct found_walk *found_walk_new(const struct found *found);
bool found_walk_next(struct found_walk *walk, struct arena *arena, struct book *book);

#endif
