/*
 * rebuild: makes the list in Redis anew from the table: from one snapshot, streamed, beside the list that is there,
 * brought up to date from the log of changes and only then put in its place. One at a time over all processes and
 * hosts.
 */
#ifndef CATALOGUE_REBUILD_H
#define CATALOGUE_REBUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/config.h"
#include "base/err.h"
#include "cache/cache.h"
#include "store/store.h"

#define REBUILD_BACKOFF "list" /* its name in base/backoff.h */

/* Is told now and then how many books of how many are done. */
typedef void rebuild_progress(uint64_t done, uint64_t total);

/*
 * Rebuilds. progress may be NULL. While another process rebuilds: waits until it has ended if waits is true, fails with
 * ERR_CONFLICT otherwise. On any failure the list is as it was, and what was staged is removed, or goes away by itself.
 */
enum err_code rebuild_run(struct store *store, struct cache *cache, bool waits, rebuild_progress *progress,
                          struct err *err);

/*
 * Rebuilds in a child process with connections of its own, so that this one can go on answering. Returns the child, or
 * -1 if there is none. The child ends with its parent.
 */
pid_t rebuild_start(const struct config *config);

#endif
