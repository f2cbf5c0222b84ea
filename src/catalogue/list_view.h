/*
 * list_view: the list in Redis as a materialized view. A rebuild reads one snapshot of the table, streamed, into a list
 * beside the one that is there, brings it up to date from the log of changes and only then puts it in the place of the
 * old one. One at a time over all processes and hosts.
 */
#ifndef CATALOGUE_LIST_VIEW_H
#define CATALOGUE_LIST_VIEW_H

#include <stdbool.h>

#include "cache/cache.h"
#include "catalogue/matview.h"

extern const struct matview_kind list_view;

/*
 * Brings the published list from version at to the version wanted, or past it. Returns false if that cannot be done;
 * *needs_rebuild is set to true if only a rebuild helps. says_why: log it.
 */
bool list_view_follow(struct store *store, struct cache *cache, struct version at, struct version wanted, bool says_why,
                      bool *needs_rebuild);

#endif
