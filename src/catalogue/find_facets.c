/* The part of find that counts the values of the fields that have choices. */
#include <stdlib.h>
#include <string.h>

#include "catalogue/find_parts.h"

enum { VALUES_MOST = 65536 }; /* a field with more has no choices that anybody could look through */

/* Adds the rows of a set to the counts of their values. */
static void count_rows(const uint64_t *rows, size_t words, const uint32_t *codes, uint64_t *counts)
{
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = rows[i]; word != 0; word &= word - 1)
            counts[codes[i * 64 + (size_t)__builtin_ctzll(word)]]++;
}

/* Returns the rows that satisfy all but the choice of a field. */
static const uint64_t *rows_without(const struct found *found, int field)
{
    const uint32_t count = found->find->file.rows;
    uint64_t *rows;

    if (found->choice[field] == NULL)
        return found->rows;
    rows = bits_new(found->arena, count, true);
    bits_keep(rows, found->base, bits_words(count));
    for (int other = 0; other < BOOK_FIELDS; other++)
        if (other != field && found->choice[other] != NULL)
            bits_keep(rows, found->choice[other], bits_words(count));
    return rows;
}

static int compare_values(const void *a, const void *b)
{
    const struct facet_value *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return text_compare(left->value, right->value);
}

/*
 * Adds the changed books: to the counts of values that the column has, else as new values, of which there are few.
 * Returns how many new ones.
 */
static size_t count_changed(const struct found *found, int field, uint64_t *counts, struct facet_value *fresh)
{
    const struct index_column *column = &found->find->file.column[field];
    size_t count = 0, at;

    for (size_t i = 0; i < found->changed_count; i++) {
        const struct overlay_book *book = found->changed[i].book;
        const struct text value = book->book.field[field];
        uint32_t code;

        if ((found->changed[i].refused & ~(1u << field)) != 0)
            continue;
        if (index_find_value(column, value, book->folded[field], &code)) {
            counts[code]++;
            continue;
        }
        for (at = 0; at < count && !text_equal(fresh[at].value, value); at++)
            continue;
        if (at == count)
            fresh[count++] = (struct facet_value){value, 0};
        fresh[at].count++;
    }
    return count;
}

static void count_field(const struct found *found, int field, struct arena *arena, struct facet *facet)
{
    const struct index_file *file = &found->find->file;
    const struct index_column *column = &file->column[field];
    uint64_t *counts = arena_alloc(found->arena, (column->values + 1) * sizeof *counts);
    size_t count;

    memset(counts, 0, (column->values + 1) * sizeof *counts);
    count_rows(rows_without(found, field), bits_words(file->rows), column->codes, counts);
    *facet = (struct facet){.field = (enum book_field)field};
    facet->values = arena_alloc(arena, (column->values + found->changed_count + 1) * sizeof *facet->values);
    count = count_changed(found, field, counts, facet->values);
    for (uint32_t c = 0; c < column->values; c++) {
        const struct text value = index_raw(column, c);

        if (counts[c] > 0)
            facet->values[count++] =
                (struct facet_value){{arena_copy(arena, value.at, value.len), value.len}, counts[c]};
    }
    for (size_t i = 0; i < count; i++) /* no value at all is nothing to choose */
        if (facet->values[i].value.len == 0)
            facet->values[i] = facet->values[--count];
    qsort(facet->values, count, sizeof *facet->values, compare_values);
    facet->is_cut = count > LIMIT_FACET_VALUES;
    facet->count = facet->is_cut ? LIMIT_FACET_VALUES : count;
}

void found_facets(const struct found *found, struct arena *arena, struct facets *facets)
{
    facets->count = 0;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (book_fields[field].has_choices && found->find->file.column[field].values <= VALUES_MOST)
            count_field(found, field, arena, &facets->all[facets->count++]);
}
