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

static char *link_book(struct arena *arena, const char *what, struct text id, struct link_place back)
{
    struct buf link = {0};

    buf_add_string(&link, what);
    text_percent_encode(&link, id);
    return finish(&link, arena, back);
}

char *link_update(struct arena *arena, struct text id, struct link_place back)
{
    return link_book(arena, "/update/", id, back);
}

char *link_delete(struct arena *arena, struct text id, struct link_place back)
{
    return link_book(arena, "/delete/", id, back);
}
