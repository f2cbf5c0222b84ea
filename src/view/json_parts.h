/* What the pages of the API and of DataTables share. */
#ifndef VIEW_JSON_PARTS_H
#define VIEW_JSON_PARTS_H

#include "base/json.h"
#include "book/query.h"
#include "book/version.h"

/* Adds "facets": {"category": {"values": [{"value": "Poetry", "count": 7}, ...], "is_cut": false}, ...}. */
void json_put_facets(yajl_gen json, const struct facets *facets);

/* Adds where the answer came from, which state of the table it shows, and whether that was the newest one for sure. */
void json_put_state(yajl_gen json, const char *source, struct version version, bool is_sure);

#endif
