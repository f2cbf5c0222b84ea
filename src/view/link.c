#include "view/link.h"

#include <string.h>

#include "book/query_parameters.h"

enum { WAY_BACK_MOST = 1000 /* bytes */ };

static const char *site_base = "", *site_url = "";

void link_set_site(const char *base, const char *url)
{
    site_base = base;
    site_url = url;
}

const char *link_base(void)
{
    return site_base;
}

const char *link_site(void)
{
    return site_url;
}

const char *link_cookie_path(void)
{
    return *site_base != '\0' ? site_base : "/";
}

char *link_path(struct arena *arena, const char *path)
{
    return arena_format(arena, "%s%s", site_base, path);
}

char *link_home(struct arena *arena)
{
    return link_path(arena, "/");
}

char *link_whole_list(struct arena *arena)
{
    return link_path(arena, "/list");
}

/* Builds a URL from a path, an encoded ID if there is one, and the parameters. */
static char *make(struct arena *arena, const char *path, const char *id, const struct query *query)
{
    struct buf link = {0};
    size_t bare;
    char *copy;

    buf_add_string(&link, site_base);
    buf_add_string(&link, path);
    buf_add_string(&link, id);
    buf_add_char(&link, '?');
    bare = link.len;
    query_write(&link, query);
    copy = arena_copy(arena, link.at, link.len > bare ? link.len : bare - 1);
    buf_free(&link);
    return copy;
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

char *link_list(struct arena *arena, const struct query *query)
{
    return make(arena, "/list", "", query);
}

char *link_row(struct arena *arena, const struct query *query, struct text id)
{
    return link_at_row(arena, link_list(arena, query), id);
}

char *link_at_row(struct arena *arena, const char *list, struct text id)
{
    return arena_format(arena, "%s#b-%s", list, encoded(arena, id));
}

char *link_phrase(struct arena *arena, enum book_field field, struct text value)
{
    struct buf search = {0};
    char *link;

    query_add_phrase(&search, field, value);
    link = link_list(
        arena, &(struct query){.search = {search.at, search.len}, .limit = LIMIT_PAGE_ROWS, .is_best_first = true});
    buf_free(&search);
    return link;
}

char *link_books(struct arena *arena, const struct query *query)
{
    struct query whole = *query;

    whole.hidden = 0;
    return make(arena, "/api/books", "", &whole);
}

char *link_book(struct arena *arena, struct text id)
{
    if (text_equal_string(id, "datatable")) /* for the live list (web/datatable.c) */
        return link_path(arena, "/api/books/%64atatable");
    return arena_format(arena, "%s/api/books/%s", site_base, encoded(arena, id));
}

char *link_values(struct arena *arena, const char *field)
{
    return link_path(arena, arena_format(arena, "/api/fields/%s/values", field));
}

char *link_description(struct arena *arena)
{
    return link_path(arena, "/api/openapi.json");
}

char *link_export(struct arena *arena, const char *format, const struct query *query)
{
    struct query all = *query;

    all.offset = 0;
    all.limit = LIMIT_PAGE_ROWS;
    all.hidden = 0;
    return make(arena, arena_format(arena, "/export.%s", format), "", &all);
}

char *link_filters(struct arena *arena, const struct query *query)
{
    const char *list = link_list(arena, query);

    return arena_format(arena, "%s%cfilters=open", list, strchr(list, '?') != NULL ? '&' : '?');
}

char *link_add(struct arena *arena, const struct query *back)
{
    return make(arena, "/add", "", back);
}

char *link_add_like(struct arena *arena, const struct query *back, struct text id)
{
    const char *add = link_add(arena, back);
    struct buf encoded = {0};
    char *link;

    text_percent_encode(&encoded, id);
    link = arena_format(arena, "%s%c" LINK_LIKE "=%s", add, strchr(add, '?') != NULL ? '&' : '?', buf_string(&encoded));
    buf_free(&encoded);
    return link;
}

char *link_update_encoded(struct arena *arena, const char *id, const struct query *back)
{
    return make(arena, "/update/", id, back);
}

char *link_update(struct arena *arena, struct text id, const struct query *back)
{
    return link_update_encoded(arena, encoded(arena, id), back);
}

char *link_delete(struct arena *arena, struct text id, const struct query *back)
{
    return make(arena, "/delete/", encoded(arena, id), back);
}

char *link_book_page_encoded(struct arena *arena, const char *id)
{
    return arena_format(arena, "%s/books/%s", site_base, id);
}

char *link_book_page(struct arena *arena, struct text id)
{
    return link_book_page_encoded(arena, encoded(arena, id));
}

char *link_from_book(struct arena *arena, const char *form, struct text id)
{
    return arena_format(arena, "%s/%s/%s?back=" LINK_BACK_TO_BOOK, site_base, form, encoded(arena, id));
}

char *link_restore(struct arena *arena, struct text id)
{
    return arena_format(arena, "%s/restore", link_book_page(arena, id));
}

char *link_history_path(struct arena *arena, const char *books, struct text id)
{
    return arena_format(arena, "%s%s/history", books, encoded(arena, id));
}

/* Adds a parameter to a URL, unless its value is empty. */
static void add_parameter(struct buf *link, const char *name, struct text value)
{
    if (value.len == 0)
        return;
    buf_add_char(link, memchr(link->at, '?', link->len) != NULL ? '&' : '?');
    buf_add_string(link, name);
    buf_add_char(link, '=');
    text_percent_encode(link, value);
}

char *link_changes(struct arena *arena, const char *path, const struct history_query *query)
{
    struct buf link = {0};
    char *copy;

    buf_add_string(&link, site_base);
    buf_add_string(&link, path);
    if (query != NULL) {
        if (query->edit > 0)
            add_parameter(&link, "edit", text_from_cstr(arena_format(arena, "%llu", (unsigned long long)query->edit)));
        add_parameter(&link, "user", query->actor);
        if (query->op != HISTORY_ANY)
            add_parameter(&link, "op", text_from_cstr(change_op_name((enum change_op)query->op)));
        add_parameter(&link, "day", query->day);
        if (query->limit != LIMIT_CHANGES)
            add_parameter(&link, "per_page", text_from_cstr(arena_format(arena, "%zu", query->limit)));
        if (query->before.version > 0)
            add_parameter(&link, "before",
                          text_from_cstr(arena_format(arena, "%llu-%llu", (unsigned long long)query->before.version,
                                                      (unsigned long long)query->before.part)));
    }
    copy = arena_copy(arena, link.at, link.len);
    buf_free(&link);
    return copy;
}

char *link_older(struct arena *arena, const char *path, const struct history_query *query,
                 const struct history *history)
{
    struct history_query older = *query;

    older.before = history->entries[history->count - 1].place;
    return link_changes(arena, path, &older);
}

char *link_edit(struct arena *arena, const struct query *query)
{
    struct query all = *query;

    all.offset = 0;
    all.limit = LIMIT_PAGE_ROWS;
    return make(arena, "/edit", "", &all);
}

char *link_edit_back(struct arena *arena, const struct query *query)
{
    return make(arena, "/edit", "", query);
}

char *link_edits(struct arena *arena, uint64_t number)
{
    return arena_format(arena, "%s/edits/%llu", site_base, (unsigned long long)number);
}

char *link_import(struct arena *arena)
{
    return link_path(arena, "/import");
}

char *link_import_progress(struct arena *arena)
{
    return link_path(arena, "/import/progress");
}

char *link_timings(struct arena *arena)
{
    return link_path(arena, "/timings");
}

char *link_sign_in(struct arena *arena, struct text to)
{
    if (to.len == 0 || to.len > WAY_BACK_MOST)
        return link_path(arena, "/sign-in");
    return link_path(arena, arena_format(arena, "/sign-in?to=%s", encoded(arena, to)));
}

char *link_user(struct arena *arena, struct text name)
{
    return link_path(arena, arena_format(arena, "/users/%s", encoded(arena, name)));
}

char *link_invitation(struct arena *arena, struct text secret)
{
    return link_path(arena, arena_format(arena, "/invitation?key=%s", encoded(arena, secret)));
}

char *link_account(struct arena *arena)
{
    return link_path(arena, "/account");
}

char *link_users(struct arena *arena)
{
    return link_path(arena, "/users");
}
