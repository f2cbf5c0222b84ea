/* json: JSON written with yajl, one text at a time, into a buf. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <yajl/yajl_gen.h>

#include "base/buf.h"
#include "base/text.h"

/* Returns a writer that adds to out. Free it with yajl_gen_free(). Never NULL. */
yajl_gen json_open(struct buf *out);

void json_put_string(yajl_gen json, const char *s);
void json_put_text(yajl_gen json, struct text text);

/* Adds a name and its value. */
void json_put_member(yajl_gen json, const char *name, const char *value);
void json_put_number(yajl_gen json, const char *name, uint64_t value);
void json_put_flag(yajl_gen json, const char *name, bool value);

#endif
