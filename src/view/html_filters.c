/* Sort order, filters and page size of a list page, and the links that change them. */
#include "view/html_parts.h"

#include <string.h>

#include "book/query_parameters.h"
#include "view/link.h"

/* Puts the link to the first page of a query's result. */
static void put_start(struct values *values, HDF *node, const char *name, struct query query)
{
    query.offset = 0;
    values_put(values, node, name, link_list(values->arena, &query));
}

/* Puts the column heads. Each links to the list sorted by its column; that of the first order reverses it. */
static void put_heads(struct values *values, HDF *node, const struct query *query)
{
    HDF *heads = values_child(values, node, "Heads");

    for (int field = 0; field < BOOK_FIELDS; field++) {
        const bool is_order = !query->is_best_first && query->order[0].field == (enum book_field)field;
        HDF *head = values_child(values, heads, book_fields[field].name);
        struct query sorted = *query;

        query_order_by(&sorted, (enum book_field)field, is_order && !query->order[0].is_descending);
        if (is_order)
            values_put(values, head, "Sort", query->order[0].is_descending ? "descending" : "ascending");
        put_start(values, head, "URL", sorted);
    }
}

/* Puts the links to the same list in other page sizes. */
static void put_sizes(struct values *values, HDF *node, const struct query *query)
{
    static const size_t sizes[] = {25, 50, LIMIT_PAGE_ROWS};
    HDF *list = values_child(values, node, "Sizes");

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        HDF *size = values_element(values, list, i);
        struct query resized = *query;

        resized.limit = sizes[i];
        values_put_number(values, size, "Rows", sizes[i]);
        put_start(values, size, "URL", resized);
        if (query->limit == sizes[i])
            values_put(values, size, "Current", "1");
    }
}

/* Puts the columns, each with the link that hides or shows it, and the names of those that are hidden. */
static void put_columns(struct values *values, HDF *node, const struct query *query)
{
    HDF *columns = values_child(values, node, "Columns");
    struct buf hidden = {0};
    size_t index = 0;

    for (int field = 0; field < BOOK_FIELDS; field++) {
        struct query other = *query;
        HDF *column;

        if (query_hides(query, field))
            buf_add_format(&hidden, "%s%s", hidden.len > 0 ? " " : "", book_fields[field].name);
        if (field == BOOK_TITLE)
            continue;
        column = values_element(values, columns, index++);
        other.hidden ^= 1u << field;
        values_put(values, column, "Label", book_fields[field].label);
        values_put(values, column, "URL", link_list(values->arena, &other));
        if (query_hides(query, field))
            values_put(values, column, "Hidden", "1");
    }
    values_put(values, node, "Hidden", buf_string(&hidden));
    buf_free(&hidden);
}

static const struct facet *find_facet(const struct facets *facets, int field)
{
    for (size_t i = 0; i < facets->count; i++)
        if (facets->all[i].field == (enum book_field)field)
            return &facets->all[i];
    return NULL;
}

static void put_option(struct values *values, HDF *options, size_t *index, const struct facet_value *option,
                       bool is_selected)
{
    HDF *node = values_element(values, options, (*index)++);

    values_put_text(values, node, "Value", option->value);
    if (option->count > 0)
        values_put_grouped(values, node, "Count", option->count);
    if (is_selected)
        values_put(values, node, "Selected", "1");
}

/* Puts one filter: its choices, as far as known, and always the first chosen value. The others are kept beside it. */
static void put_choice(struct values *values, HDF *node, const struct html_list *list, int field)
{
    const struct query_choice *choice = &list->query.choice[field];
    const struct text chosen = choice->count > 0 ? choice->values[0] : text_from_cstr("");
    const struct facet *facet = find_facet(&list->facets, field);
    HDF *options = values_child(values, node, "Options"), *rest = values_child(values, node, "Rest");
    size_t index = 0;
    bool is_listed = chosen.len == 0;

    values_put(values, node, "Name", book_fields[field].name);
    values_put(values, node, "Label", book_fields[field].label);
    for (size_t i = 0; facet != NULL && i < facet->count; i++)
        is_listed = is_listed || text_equal(facet->values[i].value, chosen);
    if (!is_listed)
        put_option(values, options, &index, &(struct facet_value){.value = chosen}, true);
    for (size_t i = 0; facet != NULL && i < facet->count; i++)
        if (facet->values[i].value.len > 0)
            put_option(values, options, &index, &facet->values[i], text_equal(facet->values[i].value, chosen));
    if (facet != NULL && facet->is_cut)
        values_put(values, node, "Cut", "1");
    for (size_t i = 1; i < choice->count; i++)
        values_put_text(values, values_element(values, rest, i), "Value", choice->values[i]);
}

static void put_choices(struct values *values, HDF *node, const struct html_list *list)
{
    HDF *choices = values_child(values, node, "Choices");
    size_t index = 0;

    for (int field = 0; field < BOOK_FIELDS; field++)
        if (book_fields[field].has_choices)
            put_choice(values, values_element(values, choices, index++), list, field);
    if (list->facets.count > 0)
        values_put(values, node, "Counted", "1");
    else
        values_put(values, node, "Count", link_filters(values->arena, &list->query));
    if (list->is_open)
        values_put(values, node, "Open", "1");
}

/* Puts one active filter and the link that removes it. */
static void put_chip(struct values *values, HDF *chips, size_t *index, const char *label, struct text value,
                     struct query without)
{
    HDF *chip;

    if (value.len == 0)
        return;
    chip = values_element(values, chips, (*index)++);
    values_put(values, chip, "Label", label);
    values_put_text(values, chip, "Value", value);
    put_start(values, chip, "URL", without);
}

/* Returns the label of an order, as templates/filters.cs has it. */
static const char *order_label(const struct values *values, struct query_order order)
{
    const struct book_field_info *info = &book_fields[order.field];
    const bool is_date = info->type == BOOK_DATE;
    const char *way = order.is_descending ? is_date ? "newest first" : "Z to A" : is_date ? "oldest first" : "A to Z";

    return arena_format(values->arena, "%s, %s", info->label, way);
}

/* Returns the label of all orders of a query. */
static const char *orders_label(const struct values *values, const struct query *query)
{
    const char *label = order_label(values, query->order[0]);

    for (size_t i = 1; i <= query->further; i++)
        label = arena_format(values->arena, "%s; %s", label, order_label(values, query->order[i]));
    return label;
}

/* Returns a query without one of the values that are chosen for a field. */
static struct query without_value(struct arena *arena, const struct query *query, int field, size_t index)
{
    const struct query_choice *choice = &query->choice[field];
    struct text *values = arena_alloc(arena, choice->count * sizeof *values);
    struct query without = *query;
    size_t count = 0;

    for (size_t i = 0; i < choice->count; i++)
        if (i != index)
            values[count++] = choice->values[i];
    without.choice[field] = (struct query_choice){values, count};
    return without;
}

size_t chosen_put(struct values *values, HDF *node, const struct query *query)
{
    HDF *chips = values_child(values, node, "Chips");
    struct query without;
    size_t index = 0;

    for (int field = 0; field < BOOK_FIELDS; field++)
        for (size_t i = 0; i < query->choice[field].count; i++)
            put_chip(values, chips, &index, book_fields[field].label, query->choice[field].values[i],
                     without_value(values->arena, query, field, i));
    without = *query;
    without.from.len = 0;
    put_chip(values, chips, &index, book_fields[BOOK_AVAILABLE_FROM].label, query->from, without);
    without = *query;
    without.until.len = 0;
    put_chip(values, chips, &index, "Available until", query->until, without);
    if (index > 0)
        values_put_number(values, node, "Chosen", index);
    return index;
}

/* Puts the chosen filters, and the order unless it is the usual one. */
static void put_chips(struct values *values, HDF *node, const struct query *query)
{
    size_t index = chosen_put(values, node, query);
    struct query without = *query;

    query_order_by(&without, BOOK_ID, false);
    without.is_best_first = query->search.len > 0;
    if (!query_has_usual_order(query))
        put_chip(values, values_child(values, node, "Chips"), &index, "Order",
                 text_from_cstr(orders_label(values, query)), without);
    without = (struct query){.further = query->further, .limit = query->limit, .hidden = query->hidden};
    memcpy(without.order, query->order, sizeof without.order);
    put_start(values, node, "All", without);
}

/* Puts a hidden form field, so that the form keeps what it does not change. */
static void put_hidden(struct values *values, HDF *list, size_t *index, const char *name, struct text value)
{
    HDF *field;

    if (value.len == 0)
        return;
    field = values_element(values, list, (*index)++);
    values_put(values, field, "Name", name);
    values_put_text(values, field, "Value", value);
}

/* Puts the hidden fields for how the rows are shown. */
static void put_look(struct values *values, HDF *list, size_t *index, const struct query *query)
{
    if (query->limit != LIMIT_PAGE_ROWS)
        put_hidden(values, list, index, "per_page", text_from_cstr(arena_format(values->arena, "%zu", query->limit)));
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (query_hides(query, field))
            put_hidden(values, list, index, "hide", text_from_cstr(book_fields[field].name));
}

/* Puts the sort order, the filters that the masthead search keeps, and how the rows are shown, which the filters' form
 * keeps, too. */
static void put_kept(struct values *values, HDF *node, const struct query *query)
{
    HDF *kept = values_child(values, node, "Kept");
    struct buf sort = {0};
    size_t index = 0, look = 0;

    query_write_order(&sort, query);
    for (int field = 0; field < BOOK_FIELDS; field++)
        for (size_t i = 0; i < query->choice[field].count; i++)
            put_hidden(values, kept, &index, book_fields[field].name, query->choice[field].values[i]);
    put_hidden(values, kept, &index, "from", query->from);
    put_hidden(values, kept, &index, "until", query->until);
    values_put(values, node, "Sort", buf_string(&sort));
    if (query->further > 0)
        values_put(values, node, "SortLabel", orders_label(values, query));
    if (!query_has_usual_order(query))
        put_hidden(values, kept, &index, "sort", (struct text){buf_string(&sort), sort.len});
    buf_free(&sort);
    put_look(values, kept, &index, query);
    put_look(values, values_child(values, node, "Look"), &look, query);
}

void filters_put(struct values *values, HDF *node, const struct html_list *list)
{
    put_heads(values, node, &list->query);
    put_sizes(values, node, &list->query);
    put_columns(values, node, &list->query);
    put_choices(values, node, list);
    values_put_text(values, node, "FromDay", list->query.from);
    values_put_text(values, node, "UntilDay", list->query.until);
    put_chips(values, node, &list->query);
    put_kept(values, node, &list->query);
}
