/*
 * index_view: the search index as a materialized view. A rebuild reads one snapshot of the table, streamed, and puts
 * the new file in the place of the old one. One at a time on a host: the builder holds a lock that goes with its
 * process.
 */
#ifndef CATALOGUE_INDEX_VIEW_H
#define CATALOGUE_INDEX_VIEW_H

#include <stdbool.h>

#include "catalogue/matview.h"

extern const struct matview_kind index_view;

/* Returns whether config asks for an index at all. */
bool index_view_is_wanted(const struct config *config);

/* Returns the path of the index, which the caller frees. */
char *index_view_path(const struct config *config);

#endif
