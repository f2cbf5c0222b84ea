/* The part of the index that tells which values of a field begin with a text. */
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "index/index_parts.h"

/* The values of a column whose sort key begins with a text, and how many books have each now. */
struct range {
    const struct index_column *column;
    struct text key;
    uint32_t from, to; /* codes */
    uint32_t *counts;  /* of the values from `from` on */
};

/* Returns whether a folded value is before (-1), in (0) or behind (1) the values that begin with a key. */
static int place_of(struct text folded, struct text key)
{
    const struct text own = fold_sort_key(folded);
    const size_t len = own.len < key.len ? own.len : key.len;
    const int order = len > 0 ? memcmp(own.at, key.at, len) : 0;

    return order != 0 ? order : own.len < key.len ? -1 : 0;
}

/* Returns the first code that is not before the key, or behind it. */
static uint32_t edge(const struct index_column *column, struct text key, bool is_behind)
{
    uint32_t low = 0, high = column->values;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int place = place_of(index_folded(column, middle), key);

        if (place < 0 || (is_behind && place == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_texts(const void *a, const void *b)
{
    return text_compare(((const struct facet_value *)a)->value, ((const struct facet_value *)b)->value);
}

/* The most frequent first, then in the order of the bytes. */
static int compare_values(const void *a, const void *b)
{
    const struct facet_value *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return compare_texts(a, b);
}

/*
 * Moves the changed books from their old values to the new ones. Returns the values that the column lacks, with
 * repetitions; *count: how many.
 */
static struct facet_value *follow_changes(const struct index *index, enum book_field field, struct range *range,
                                          struct arena *arena, size_t *count)
{
    const struct overlay *overlay = &index->overlay;
    struct facet_value *fresh = arena_alloc(arena, (overlay->count + 1) * sizeof *fresh);

    *count = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        const struct overlay_book *book = overlay->books[i];
        uint32_t code = book->row != OVERLAY_NO_ROW ? range->column->codes[book->row] : UINT32_MAX;

        if (code >= range->from && code < range->to)
            range->counts[code - range->from]--;
        if (book->is_deleted || book->book.field[field].len == 0 || place_of(book->folded[field], range->key) != 0)
            continue;
        if (index_find_value(range->column, book->book.field[field], book->folded[field], &code))
            range->counts[code - range->from]++;
        else
            fresh[(*count)++] = (struct facet_value){book->book.field[field], 1};
    }
    return fresh;
}

/* Keeps a value among the first limit ones, which are sorted. */
static void offer(struct facet *facet, size_t limit, struct facet_value offered)
{
    size_t at = facet->count;

    while (at > 0 && compare_values(&offered, &facet->values[at - 1]) < 0)
        at--;
    facet->is_cut = facet->is_cut || facet->count == limit;
    if (at == limit)
        return;
    facet->count += facet->count < limit;
    memmove(&facet->values[at + 1], &facet->values[at], (facet->count - 1 - at) * sizeof *facet->values);
    facet->values[at] = offered;
}

void index_values(struct index *index, enum book_field field, struct text start, size_t limit, struct arena *arena,
                  struct facet *facet)
{
    const struct index_column *column = &index->file.column[field];
    struct range range = {column, fold_sort_key(query_fold(arena, (int)field, start)), 0, 0, NULL};
    struct facet_value *fresh;
    size_t count;

    range.from = edge(column, range.key, false);
    range.to = edge(column, range.key, true);
    range.counts = arena_alloc(arena, (range.to - range.from + 1) * sizeof *range.counts);
    if (range.from < range.to)
        memcpy(range.counts, column->counts + range.from, (range.to - range.from) * sizeof *range.counts);
    fresh = follow_changes(index, field, &range, arena, &count);
    *facet = (struct facet){.field = field, .values = arena_alloc(arena, (limit + 1) * sizeof *facet->values)};
    qsort(fresh, count, sizeof *fresh, compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && text_equal(fresh[i].value, fresh[i + 1].value))
            fresh[i + 1].count += fresh[i].count;
        else
            offer(facet, limit, fresh[i]);
    }
    for (uint32_t code = range.from; code < range.to; code++) {
        const uint32_t books = range.counts[code - range.from];

        if (books == 0 || index_raw(column, code).len == 0)
            continue;
        if (facet->count == limit && books < facet->values[limit - 1].count)
            facet->is_cut = true;
        else
            offer(facet, limit, (struct facet_value){index_raw(column, code), books});
    }
    for (size_t i = 0; i < facet->count; i++)
        facet->values[i].value = text_copy(arena, facet->values[i].value);
}
