#include "view/json_books.h"

#include "book/book_json.h"
#include "view/json_parts.h"

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

void json_books(const struct json_page *page, struct buf *out)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_string(json, "books");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < page->found->list.count; i++)
        book_json_put(json, &page->found->list.books[i]);
    yajl_gen_array_close(json);
    json_put_number(json, "total", page->found->total);
    json_put_number(json, "per_page", page->query->limit);
    if (page->page > 0) {
        json_put_number(json, "page", page->page);
        json_put_number(json, "pages", page->pages);
    }
    json_put_state(json, page->source, page->found->version, page->found->is_sure);
    put_links(json, page);
    if (page->query->wants_facets)
        json_put_facets(json, &page->found->facets);
    if (page->query->wants_suggestions)
        json_put_suggestions(json, &page->found->suggestions);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}

void json_values(const struct facet *facet, struct buf *out)
{
    yajl_gen json = json_open(out);

    json_put_values(json, facet);
    yajl_gen_free(json);
}
