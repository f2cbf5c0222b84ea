#include "base/json.h"

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
