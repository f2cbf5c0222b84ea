#include "view/json.h"

#include <string.h>
#include <yajl/yajl_gen.h>

#include "base/mem.h"

static void print(void *context, const char *s, size_t len)
{
    buf_add(context, s, len);
}

static void put_string(yajl_gen json, const char *s)
{
    yajl_gen_string(json, (const unsigned char *)s, strlen(s));
}

void json_problem(int status, const char *title, const char *detail, struct buf *out)
{
    yajl_gen json = yajl_gen_alloc(NULL);

    if (json == NULL)
        return;
    yajl_gen_config(json, yajl_gen_print_callback, print, out);
    yajl_gen_map_open(json);
    put_string(json, "type");
    put_string(json, "about:blank");
    put_string(json, "title");
    put_string(json, title);
    put_string(json, "status");
    yajl_gen_integer(json, status);
    put_string(json, "detail");
    put_string(json, detail);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}
