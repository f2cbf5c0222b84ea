/*
 * list_view: the list in Redis as a materialized view. A rebuild streams one snapshot of the table into a staged list,
 * follows the log of changes, and only then replaces the published list. Only one runs at a time across all processes
 * and hosts.
 */
#ifndef CATALOGUE_LIST_VIEW_H
#define CATALOGUE_LIST_VIEW_H

#include <stdbool.h>

#include "cache/cache.h"
#include "catalogue/matview.h"

extern const struct matview_kind list_view;

/* Returns whether config enables the list. */
bool list_view_is_wanted(const struct config *config);

/*
 * Updates the published list from version at to the version wanted or later. Returns false on failure; sets
 * *needs_rebuild if only a rebuild helps. says_why: log the reason.
 */
bool list_view_follow(struct store *store, struct cache *cache, struct version at, struct version wanted, bool says_why,
                      bool *needs_rebuild);

#endif
