/* The home page. */
#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"

enum { CATEGORIES_MOST = 12 }; /* shown, the most frequent first */

/* Puts the categories with most books, with the links to them. Returns whether there are more. */
static bool put_categories(struct values *values, HDF *node, const struct facet *facet)
{
    HDF *list = values_child(values, node, "Categories");
    size_t shown = 0;

    for (size_t i = 0; i < facet->count; i++) {
        const struct facet_value *category = &facet->values[i];
        struct query query = query_whole;
        HDF *row;

        if (category->value.len == 0)
            continue;
        if (shown == CATEGORIES_MOST)
            return true;
        row = values_element(values, list, shown++);
        query.choice[BOOK_CATEGORY] = (struct query_choice){&category->value, 1};
        values_put(values, row, "URL", link_list(values->arena, &query));
        values_put_text(values, row, "Name", category->value);
        values_put_grouped(values, row, "Books", category->count);
    }
    return facet->is_cut;
}

enum err_code html_home(struct html *html, const struct html_frame *frame, const struct html_home *home,
                        struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    values_put_preview(&values, link_home(frame->arena));
    node = values_child(&values, values.hdf, "Home");
    if (home->is_counted) {
        values_put_number(&values, node, "Total", home->total);
        values_put_grouped(&values, node, "TotalText", home->total);
    }
    for (size_t i = 0; i < home->facets.count; i++)
        if (home->facets.all[i].field == BOOK_CATEGORY && put_categories(&values, node, &home->facets.all[i]))
            values_put(&values, node, "More", link_filters(values.arena, &query_whole));
    if (home->history != NULL)
        changes_put(&values, node, home->history);
    return values_render(&values, html, "home.cs", out, err);
}
