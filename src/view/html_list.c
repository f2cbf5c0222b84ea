#include "view/html_parts.h"
#include "view/link.h"
#include "view/rows.h"

/* Puts the link to a page of a query's result. */
static void put_place(struct values *values, HDF *node, const char *name, const struct query *query, uint64_t page)
{
    struct query place = *query;

    place.offset = (page - 1) * query->limit;
    values_put(values, node, name, link_list(values->arena, &place));
}

/* Adds an entry to the page bar; page 0 gives one without a link. */
static void put_pager(struct values *values, HDF *pager, size_t *index, const char *kind, uint64_t page,
                      const struct html_list *list)
{
    HDF *entry = values_element(values, pager, (*index)++);

    values_put(values, entry, "Kind", kind);
    if (page > 0) {
        values_put_grouped(values, entry, "Label", page);
        put_place(values, entry, "URL", &list->query, page);
    }
    if (page == list->page && kind[0] == 'p' && kind[1] == 'a')
        values_put(values, entry, "Current", "1");
}

enum { PAGER_AROUND = 2 }; /* pages shown on either side of the current one */

/* Puts the page bar: first, previous, the pages around the current one, next, last. */
static void put_pagers(struct values *values, HDF *node, const struct html_list *list)
{
    const uint64_t page = list->page, last = list->pages;
    const uint64_t from = page > PAGER_AROUND ? page - PAGER_AROUND : 1;
    const uint64_t to = page + PAGER_AROUND < last ? page + PAGER_AROUND : last;
    HDF *pager = values_child(values, node, "Pager");
    size_t index = 0;

    put_pager(values, pager, &index, "first", page > 1 ? 1 : 0, list);
    put_pager(values, pager, &index, "previous", page - 1, list);
    if (from > 1)
        put_pager(values, pager, &index, "gap", 0, list);
    for (uint64_t i = from; i <= to; i++)
        put_pager(values, pager, &index, "page", i, list);
    if (to < last)
        put_pager(values, pager, &index, "gap", 0, list);
    put_pager(values, pager, &index, "next", page < last ? page + 1 : 0, list);
    put_pager(values, pager, &index, "last", page < last ? last : 0, list);
}

/* Puts specimens in place of the books (view/rows.h). */
static void put_specimens(struct values *values, HDF *node, const struct html_list *list)
{
    HDF *books = values_child(values, node, "Books");

    for (int i = 0; i < ROWS_SPECIMENS; i++) {
        const char *id = rows_placeholder(values->arena, i, ROWS_ENCODED_ID);
        HDF *row = values_element(values, books, (size_t)i);

        for (int field = 0; field < BOOK_FIELDS; field++)
            values_put(values, row, book_fields[field].name, rows_placeholder(values->arena, i, field));
        values_put(values, row, "key", id);
        values_put(values, row, "page", link_book_page_encoded(values->arena, id));
        values_put(values, row, "update", link_update_encoded(values->arena, id, &list->query));
    }
}

/* Puts the searches that are suggested, in the view of the query. */
static void put_suggestions(struct values *values, HDF *node, const struct html_list *list)
{
    HDF *all = values_child(values, node, "Suggestions");

    for (size_t i = 0; i < list->suggestions.count; i++) {
        HDF *one = values_element(values, all, i);
        struct query query = list->query;

        query.search = list->suggestions.all[i].search;
        query.offset = 0;
        values_put(values, one, "URL", link_list(values->arena, &query));
        values_put_text(values, one, "Search", query.search);
        values_put_grouped(values, one, "Total", list->suggestions.all[i].total);
    }
}

enum err_code html_list(struct html *html, const struct html_frame *frame, const struct html_list *list,
                        struct buf *out, struct err *err)
{
    struct query whole = list->query; /* with all columns */
    struct values values;
    const struct marks *marks;
    struct text specimen;
    HDF *node;
    enum err_code code;

    values_begin(&values, frame, list->query.search);
    whole.hidden = 0;
    values_put_preview(&values, link_list(frame->arena, &whole));
    node = values_child(&values, values.hdf, "List");
    values_put_number(&values, node, "Total", list->total);
    values_put_grouped(&values, node, "TotalText", list->total);
    values_put_grouped(&values, node, "From", list->list.count > 0 ? list->query.offset + 1 : 0);
    values_put_grouped(&values, node, "To", list->query.offset + list->list.count);
    values_put_number(&values, node, "Page", list->page);
    values_put_number(&values, node, "PageMost", list->pages);
    values_put_grouped(&values, node, "Pages", list->pages);
    values_put_text(&values, node, "Search", list->query.search);
    filters_put(&values, node, list);
    put_suggestions(&values, node, list);
    values_put(&values, node, "Source", list->source);
    values_put(&values, node, "Seconds", arena_format(frame->arena, "%.4f", list->seconds));
    if (frame->role >= ROLE_EDITOR)
        values_put(&values, node, "Edit", link_edit(frame->arena, &list->query));
    values_put(&values, node, "CSV", link_export(frame->arena, "csv", &list->query));
    values_put(&values, node, "NDJSON", link_export(frame->arena, "ndjson", &list->query));
    values_put(&values, node, "JSON", link_books(frame->arena, &list->query));
    values_put(&values, node, "Add", link_add(frame->arena, &list->query));
    if (!list->is_sure)
        values_put(&values, node, "Unsure", "1");
    if (version_is_known(list->version))
        values_put(&values, node, "Version", version_text(list->version).string);
    if (list->rendered_at != NULL)
        values_put(&values, node, "RenderedAt", list->rendered_at);
    if (list->pages > 1)
        put_pagers(&values, node, list);
    values_put_number(&values, node, "Rows", list->list.count);
    if (list->list.count == 0)
        return values_render(&values, html, "list.cs", out, err);
    put_specimens(&values, node, list);
    buf_clear(&html->specimen);
    code = values_render(&values, html, "list.cs", &html->specimen, err);
    marks = marks_new(frame->arena, &list->query);
    specimen = (struct text){html->specimen.at, html->specimen.len};
    if (code == ERR_OK && !rows_expand(specimen, &list->list, marks, out))
        code = err_set(err, ERR_INTERNAL, "template list.cs: its rows differ in more than the values of their books");
    return code;
}
