/*
 * index_make: makes the search index anew from one snapshot of the table, streamed, beside the one that is there, and
 * puts it in its place. One at a time on a host: whoever makes it holds a lock that goes with its process.
 */
#ifndef CATALOGUE_INDEX_MAKE_H
#define CATALOGUE_INDEX_MAKE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/config.h"
#include "base/err.h"
#include "store/store.h"

#define INDEX_BACKOFF "index" /* its name in base/backoff.h */

/* Whether config asks for an index at all. */
bool index_is_wanted(const struct config *config);

/* Puts the path of the index together; the caller frees it. */
char *index_path(const struct config *config);

/* Is told now and then how many books of how many are done. */
typedef void index_progress(uint64_t done, uint64_t total);

/*
 * Makes the index, even if it has just been made where that is_wanted_anew. ERR_CONFLICT: another process does so, or
 * has just done. On any failure the old index stays as it was. progress may be NULL.
 */
enum err_code index_make(const struct config *config, struct store *store, bool is_wanted_anew,
                         index_progress *progress, struct err *err);

/* Makes it in a child process. Returns the child, or -1 if there is none. */
pid_t index_make_start(const struct config *config);

#endif
