/*
 * rebuild: makes the list in Redis anew from the table: from one snapshot, streamed, beside the list that is there,
 * brought up to date from the log of changes and only then put in its place. One at a time over all processes and
 * hosts.
 */
#ifndef CATALOGUE_REBUILD_H
#define CATALOGUE_REBUILD_H

#include <stdint.h>
#include <sys/types.h>

#include "base/config.h"
#include "base/err.h"
#include "catalogue/cache.h"
#include "catalogue/store.h"

/* Is told now and then how many books of how many are done. */
typedef void rebuild_progress(uint64_t done, uint64_t total);

/*
 * Rebuilds. progress may be NULL. ERR_CONFLICT: another process does it now. On any failure the list is as it was, and
 * what was staged goes away by itself.
 */
enum err_code rebuild_run(struct store *store, struct cache *cache, rebuild_progress *progress, struct err *err);

/*
 * Rebuilds in a child process with connections of its own, so that this one can go on answering. Returns the child, or
 * -1 if there is none. The child ends with its parent.
 */
pid_t rebuild_start(const struct config *config);

#endif
