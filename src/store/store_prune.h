/*
 * store_prune: removes the oldest changes from the log, in whole versions. A view that is behind the first version left
 * finds a gap (store_changes()) and is rebuilt.
 */
#ifndef STORE_STORE_PRUNE_H
#define STORE_STORE_PRUNE_H

#include <stdint.h>

#include "base/err.h"

struct store;

/* Find the first version to keep: of the changes of the last days * 24 hours, or of at least the last keep (1 or more)
 * changes. */
enum err_code store_prune_by_age(struct store *store, uint64_t days, uint64_t *first, struct err *err);
enum err_code store_prune_by_number(struct store *store, uint64_t keep, uint64_t *first, struct err *err);

/*
 * Removes changes of versions before first in one transaction: LIMIT_PRUNE_CHANGES of the oldest ones, and the others
 * of their last version; and the edits of which the log then has no change. *removed: how many. ERR_NOT_FOUND: there
 * are none left.
 */
enum err_code store_prune_some(struct store *store, uint64_t first, uint64_t *removed, struct err *err);

#endif
