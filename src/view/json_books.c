#include "view/json_books.h"

#include <stdio.h>

#include "view/json_parts.h"

static void put_book(yajl_gen json, const struct book *book)
{
    yajl_gen_map_open(json);
    for (int i = 0; i < BOOK_FIELDS; i++) {
        json_put_string(json, book_fields[i].name);
        if (book->field[i].len > 0)
            json_put_text(json, book->field[i]);
        else
            yajl_gen_null(json);
    }
    yajl_gen_map_close(json);
}

void json_book(const struct book *book, struct buf *out)
{
    yajl_gen json = json_open(out);

    put_book(json, book);
    yajl_gen_free(json);
}

static void put_facets(yajl_gen json, const struct facets *facets)
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
        json_put_string(json, "is_cut");
        yajl_gen_bool(json, facet->is_cut);
        yajl_gen_map_close(json);
    }
    yajl_gen_map_close(json);
}

static void put_links(yajl_gen json, const struct json_page *page)
{
    const struct {
        const char *relation, *address;
    } links[] = {
        {"self", page->self}, {"first", page->first}, {"prev", page->prev}, {"next", page->next}, {"last", page->last}};

    json_put_string(json, "links");
    yajl_gen_map_open(json);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].address != NULL)
            json_put_member(json, links[i].relation, links[i].address);
    yajl_gen_map_close(json);
}

/* Adds which state of the table it shows, and whether that was the newest one for sure. */
static void put_state(yajl_gen json, const struct json_page *page)
{
    const struct version version = page->found->version;
    char text[48];

    json_put_member(json, "source", page->source);
    json_put_string(json, "version");
    snprintf(text, sizeof text, "%llu-%llu", (unsigned long long)version.epoch, (unsigned long long)version.number);
    json_put_string(json, text);
    json_put_string(json, "is_verified");
    yajl_gen_bool(json, page->found->is_sure);
}

void json_books(const struct json_page *page, struct buf *out)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_string(json, "books");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < page->found->list.count; i++)
        put_book(json, &page->found->list.books[i]);
    yajl_gen_array_close(json);
    json_put_number(json, "total", page->found->total);
    json_put_number(json, "per_page", page->query->limit);
    if (page->page > 0) {
        json_put_number(json, "page", page->page);
        json_put_number(json, "pages", page->pages);
    }
    put_state(json, page);
    put_links(json, page);
    if (page->query->wants_facets)
        put_facets(json, &page->found->facets);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}
