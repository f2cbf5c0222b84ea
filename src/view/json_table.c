#include "view/json_table.h"

#include <stdio.h>
#include <string.h>

#include "view/json_parts.h"

/* Returns the length in UTF-16 units of the first len bytes of text, which must be whole characters. */
static size_t units(struct text text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        count += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    }
    return count;
}

/* Adds the matches in one field; *is_open: the map of all fields has begun. */
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

static void put_seconds(yajl_gen json, double seconds)
{
    char text[32];

    json_put_string(json, "seconds");
    snprintf(text, sizeof text, "%.4f", seconds);
    yajl_gen_number(json, text, strlen(text));
}

/* Begins a response, up to the first row. */
static yajl_gen begin(struct buf *out, uint64_t draw, uint64_t books, uint64_t total)
{
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_number(json, "draw", draw);
    json_put_number(json, "recordsTotal", books);
    json_put_number(json, "recordsFiltered", total);
    json_put_string(json, "data");
    yajl_gen_array_open(json);
    return json;
}

void json_table(const struct json_table *table, struct buf *out)
{
    yajl_gen json = begin(out, table->draw, table->books, table->total);

    for (size_t i = 0; i < table->list->count; i++)
        put_book(json, &table->list->books[i], table->marks);
    yajl_gen_array_close(json);
    if (table->facets->count > 0)
        json_put_facets(json, table->facets);
    if (table->suggestions->count > 0)
        json_put_suggestions(json, table->suggestions);
    json_put_state(json, table->source, table->version, table->is_sure);
    put_seconds(json, table->seconds);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}

void json_table_error(uint64_t draw, const char *error, struct buf *out)
{
    yajl_gen json = begin(out, draw, 0, 0);

    yajl_gen_array_close(json);
    json_put_member(json, "error", error);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
}
