#include "view/json.h"

#include "view/json_parts.h"

/* Adds the position of an error: a JSON pointer (RFC 6901) as a URL fragment, "#/title". */
static void put_pointer(yajl_gen json, struct text name)
{
    struct buf plain = {0}, pointer = {0};

    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '~' || name.at[i] == '/')
            buf_add_string(&plain, name.at[i] == '~' ? "~0" : "~1");
        else
            buf_add_char(&plain, name.at[i]);
    }
    buf_add_string(&pointer, "#/");
    text_percent_encode(&pointer, (struct text){plain.at, plain.len});
    json_put_member(json, "pointer", buf_string(&pointer));
    buf_free(&plain);
    buf_free(&pointer);
}

void json_problem(int status, const char *title, const char *detail, const struct book_fault *faults, size_t count,
                  struct buf *out)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_member(json, "type", "about:blank");
    json_put_member(json, "title", title);
    json_put_number(json, "status", (uint64_t)status);
    json_put_member(json, "detail", detail);
    if (count > 0) {
        json_put_string(json, "errors");
        yajl_gen_array_open(json);
        for (size_t i = 0; i < count; i++) {
            yajl_gen_map_open(json);
            put_pointer(json, faults[i].name);
            json_put_member(json, "detail", faults[i].text);
            yajl_gen_map_close(json);
        }
        yajl_gen_array_close(json);
    }
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}

void json_progress(uint64_t read, uint64_t size, uint64_t books, struct buf *out)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_number(json, "read", read);
    json_put_number(json, "size", size);
    json_put_number(json, "books", books);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}
