/* What the pages of the API and of DataTables share. */
#ifndef VIEW_JSON_PARTS_H
#define VIEW_JSON_PARTS_H

#include "base/json.h"
#include "book/query.h"
#include "book/version.h"

/* Adds {"values": [{"value": "Poetry", "count": 7}, ...], "is_cut": false}. */
void json_put_values(yajl_gen json, const struct facet *facet);

/* Adds "facets": {"category": ..., ...}, each as json_put_values() has it. */
void json_put_facets(yajl_gen json, const struct facets *facets);

/* Adds "suggestions": [{"search": "murder", "total": 4980}, ...]. */
void json_put_suggestions(yajl_gen json, const struct suggestions *suggestions);

/*
 * Adds the source of the result, the version of the table it shows, and whether that version was verified as the
 * newest.
 */
void json_put_state(yajl_gen json, const char *source, struct version version, bool is_sure);

#endif
