/* What those who write JSON share: one text at a time, through yajl, into a buf. */
#ifndef VIEW_JSON_PARTS_H
#define VIEW_JSON_PARTS_H

#include <yajl/yajl_gen.h>

#include "base/buf.h"
#include "base/text.h"
#include "book/query.h"
#include "book/version.h"

/* Returns a writer that adds to out. Free it with yajl_gen_free(). Never NULL. */
yajl_gen json_open(struct buf *out);

void json_put_string(yajl_gen json, const char *s);
void json_put_text(yajl_gen json, struct text text);

/* Adds a name and its value. */
void json_put_member(yajl_gen json, const char *name, const char *value);
void json_put_number(yajl_gen json, const char *name, uint64_t value);
void json_put_flag(yajl_gen json, const char *name, bool value);

/* Adds "facets": {"category": {"values": [{"value": "Poetry", "count": 7}, ...], "is_cut": false}, ...}. */
void json_put_facets(yajl_gen json, const struct facets *facets);

/* Adds where the answer came from, which state of the table it shows, and whether that was the newest one for sure. */
void json_put_state(yajl_gen json, const char *source, struct version version, bool is_sure);

#endif
