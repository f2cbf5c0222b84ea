#include "view/json_table.h"

#include <stdio.h>
#include <string.h>

#include "view/json_parts.h"

/* Returns how many units of UTF-16 the first len bytes of text, which are whole characters, would be. */
static size_t units(struct text text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        count += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    }
    return count;
}

/* Puts what was found in one field; *is_open: the map of all of them has begun. */
static void put_marks_of(yajl_gen json, const struct marks *marks, int field, struct text value, bool *is_open)
{
    const struct mark *all;
    const size_t count = marks_find(marks, (enum book_field)field, value, &all);

    if (count == 0)
        return;
    if (!*is_open) {
        json_put_string(json, "marks");
        yajl_gen_map_open(json);
        *is_open = true;
    }
    json_put_string(json, book_fields[field].name);
    yajl_gen_array_open(json);
    for (size_t i = 0; i < count; i++) {
        yajl_gen_array_open(json);
        yajl_gen_integer(json, (long long)units(value, all[i].at));
        yajl_gen_integer(json, (long long)units(value, all[i].at + all[i].len));
        yajl_gen_array_close(json);
    }
    yajl_gen_array_close(json);
}

static void put_book(yajl_gen json, const struct book *book, const struct marks *marks)
{
    bool is_open = false;

    yajl_gen_map_open(json);
    for (int field = 0; field < BOOK_FIELDS; field++) {
        json_put_string(json, book_fields[field].name);
        json_put_text(json, book->field[field]);
    }
    for (int field = 0; field < BOOK_FIELDS; field++)
        put_marks_of(json, marks, field, book->field[field], &is_open);
    if (is_open)
        yajl_gen_map_close(json);
    yajl_gen_map_close(json);
}

static void put_facet(yajl_gen json, const struct facet *facet)
{
    json_put_string(json, book_fields[facet->field].name);
    yajl_gen_map_open(json);
    json_put_string(json, "values");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < facet->count; i++) {
        yajl_gen_map_open(json);
        json_put_string(json, "value");
        json_put_text(json, facet->values[i].value);
        json_put_number(json, "count", facet->values[i].count);
        yajl_gen_map_close(json);
    }
    yajl_gen_array_close(json);
    json_put_string(json, "more");
    yajl_gen_bool(json, facet->is_cut);
    yajl_gen_map_close(json);
}

static void put_facets(yajl_gen json, const struct facets *facets)
{
    if (facets->count == 0)
        return;
    json_put_string(json, "facets");
    yajl_gen_map_open(json);
    for (size_t i = 0; i < facets->count; i++)
        put_facet(json, &facets->all[i]);
    yajl_gen_map_close(json);
}

/* Puts where the books came from. */
static void put_origin(yajl_gen json, const struct json_table *table)
{
    char text[64];

    json_put_string(json, "source");
    json_put_string(json, table->source);
    json_put_string(json, "seconds");
    snprintf(text, sizeof text, "%.4f", table->seconds);
    yajl_gen_number(json, text, strlen(text));
    json_put_string(json, "version");
    snprintf(text, sizeof text, "%llu-%llu", (unsigned long long)table->version.epoch,
             (unsigned long long)table->version.number);
    json_put_string(json, text);
    json_put_string(json, "unsure");
    yajl_gen_bool(json, !table->is_sure);
}

void json_table(const struct json_table *table, struct buf *out)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_number(json, "draw", table->draw);
    json_put_number(json, "recordsTotal", table->books);
    json_put_number(json, "recordsFiltered", table->total);
    json_put_string(json, "data");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < table->list->count; i++)
        put_book(json, &table->list->books[i], table->marks);
    yajl_gen_array_close(json);
    put_facets(json, table->facets);
    put_origin(json, table);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}
