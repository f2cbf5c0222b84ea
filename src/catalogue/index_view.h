/*
 * index_view: the search index as a materialized view. A rebuild streams one snapshot of the table and replaces the old
 * file by the new one. Only one runs at a time on a host: its process holds a lock.
 */
#ifndef CATALOGUE_INDEX_VIEW_H
#define CATALOGUE_INDEX_VIEW_H

#include <stdbool.h>

#include "catalogue/matview.h"

extern const struct matview_kind index_view;

/* Returns whether config enables the index. */
bool index_view_is_wanted(const struct config *config);

/* Returns the path of the index; the caller frees it. */
char *index_view_path(const struct config *config);

#endif
