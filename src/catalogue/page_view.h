/*
 * page_view: the page files of this host as a materialized view. They cannot follow changes: every write withdraws
 * them, and each version starts with no files. Nor are they rebuilt: a page is rendered on request.
 */
#ifndef CATALOGUE_PAGE_VIEW_H
#define CATALOGUE_PAGE_VIEW_H

#include "catalogue/matview.h"

extern const struct matview_kind page_view;

#endif
