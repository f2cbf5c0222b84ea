#include "view/json_parts.h"

#include <stdio.h>
#include <stdlib.h>

static void print(void *context, const char *s, size_t len)
{
    buf_add(context, s, len);
}

yajl_gen json_open(struct buf *out)
{
    yajl_gen json = yajl_gen_alloc(NULL);

    if (json == NULL)
        abort(); /* as mem.h has it: no memory, no process */
    yajl_gen_config(json, yajl_gen_print_callback, print, out);
    return json;
}

void json_put_text(yajl_gen json, struct text text)
{
    yajl_gen_string(json, (const unsigned char *)text.at, text.len);
}

void json_put_string(yajl_gen json, const char *s)
{
    json_put_text(json, text_from_cstr(s));
}

void json_put_member(yajl_gen json, const char *name, const char *value)
{
    json_put_string(json, name);
    json_put_string(json, value);
}

void json_put_number(yajl_gen json, const char *name, uint64_t value)
{
    json_put_string(json, name);
    yajl_gen_integer(json, (long long)value);
}

void json_put_flag(yajl_gen json, const char *name, bool value)
{
    json_put_string(json, name);
    yajl_gen_bool(json, value);
}

void json_put_facets(yajl_gen json, const struct facets *facets)
{
    json_put_string(json, "facets");
    yajl_gen_map_open(json);
    for (size_t i = 0; i < facets->count; i++) {
        const struct facet *facet = &facets->all[i];

        json_put_string(json, book_fields[facet->field].name);
        yajl_gen_map_open(json);
        json_put_string(json, "values");
        yajl_gen_array_open(json);
        for (size_t v = 0; v < facet->count; v++) {
            yajl_gen_map_open(json);
            json_put_string(json, "value");
            json_put_text(json, facet->values[v].value);
            json_put_number(json, "count", facet->values[v].count);
            yajl_gen_map_close(json);
        }
        yajl_gen_array_close(json);
        json_put_flag(json, "is_cut", facet->is_cut);
        yajl_gen_map_close(json);
    }
    yajl_gen_map_close(json);
}

void json_put_state(yajl_gen json, const char *source, struct version version, bool is_sure)
{
    json_put_member(json, "source", source);
    json_put_member(json, "version", version_text(version).string);
    json_put_flag(json, "is_verified", is_sure);
}
