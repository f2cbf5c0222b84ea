#include "view/link.h"

static char *finish(struct buf *link, struct arena *arena, struct link_place place)
{
    char mark = '?';
    char *copy;

    if (place.page > 1) {
        buf_add_format(link, "?page=%llu", (unsigned long long)place.page);
        mark = '&';
    }
    if (place.search.len > 0) {
        buf_add_format(link, "%csearch=", mark);
        text_percent_encode(link, place.search);
    }
    copy = arena_copy(arena, link->at, link->len);
    buf_free(link);
    return copy;
}

char *link_list(struct arena *arena, struct link_place place)
{
    struct buf link = {0};

    buf_add_string(&link, "/list");
    return finish(&link, arena, place);
}

char *link_add(struct arena *arena, struct link_place back)
{
    struct buf link = {0};

    buf_add_string(&link, "/add");
    return finish(&link, arena, back);
}

/* Makes the address of what is done to a book, from its encoded ID. */
static char *link_book(struct arena *arena, const char *what, const char *id, struct link_place back)
{
    struct buf link = {0};

    buf_add_string(&link, what);
    buf_add_string(&link, id);
    return finish(&link, arena, back);
}

static char *encoded(struct arena *arena, struct text id)
{
    struct buf out = {0};
    char *copy;

    text_percent_encode(&out, id);
    copy = arena_copy(arena, out.at, out.len);
    buf_free(&out);
    return copy;
}

char *link_update_encoded(struct arena *arena, const char *id, struct link_place back)
{
    return link_book(arena, "/update/", id, back);
}

char *link_delete_encoded(struct arena *arena, const char *id, struct link_place back)
{
    return link_book(arena, "/delete/", id, back);
}

char *link_update(struct arena *arena, struct text id, struct link_place back)
{
    return link_update_encoded(arena, encoded(arena, id), back);
}

char *link_delete(struct arena *arena, struct text id, struct link_place back)
{
    return link_delete_encoded(arena, encoded(arena, id), back);
}

const char *link_import(void)
{
    return "/import";
}
