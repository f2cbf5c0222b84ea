/* The part of the index that counts the values of the fields with choices. */
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

enum { VALUES_MOST = 65536 }; /* a field with more has too many choices to be useful */

/* Counts the values of a set of rows. */
static void count_rows(const struct row_set *rows, const uint32_t *codes, uint32_t *counts)
{
    struct row_set_reader reader = {.set = rows};
    uint32_t row;

    while (row_set_next(&reader, &row))
        counts[codes[row]]++;
}

/* The same for a set with most rows: takes those that are not in it, as many as missing, off the counts of all. */
static void count_most_rows(const struct row_set *rows, uint32_t missing, const uint32_t *codes, uint32_t *counts)
{
    for (size_t i = 0; missing > 0 && i < bits_words(rows->rows); i++) {
        const uint32_t left = rows->rows - (uint32_t)(i * 64);

        for (uint64_t word = ~row_set_word(rows, i) & (left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX); word != 0;
             word &= word - 1) {
            counts[codes[i * 64 + (size_t)__builtin_ctzll(word)]]--;
            missing--;
        }
    }
}

/* Returns the rows that satisfy everything except the choice of a field. */
static struct row_set rows_without(const struct found *found, int field)
{
    struct row_set rows;

    if (found->query.choice[field].count == 0)
        return found->rows;
    rows = row_set_new(found->arena, found->base.rows);
    row_set_copy(&rows, &found->base);
    for (int other = 0; other < BOOK_FIELDS; other++)
        if (other != field && found->query.choice[other].count > 0)
            row_set_keep(&rows, &found->choice[other]);
    return rows;
}

static int compare_texts(const void *a, const void *b)
{
    return text_compare(((const struct facet_value *)a)->value, ((const struct facet_value *)b)->value);
}

/* Merges equal values and adds up their counts. Returns the number of distinct ones. */
static size_t merge(struct facet_value *values, size_t count)
{
    size_t merged = 0;

    qsort(values, count, sizeof *values, compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (merged > 0 && text_equal(values[merged - 1].value, values[i].value))
            values[merged - 1].count += values[i].count;
        else
            values[merged++] = values[i];
    }
    return merged;
}

/*
 * Adds the changed books: to the counts of existing values of the column, else as new values. Returns the number of
 * these.
 */
static size_t count_changed(const struct found *found, int field, uint32_t *counts, struct facet_value *fresh)
{
    const struct index_column *column = &found->index->file.column[field];
    size_t count = 0;

    for (size_t i = 0; i < found->changed_count; i++) {
        struct overlay_book *book = found->changed[i].book;
        uint32_t *code = &book->code[field];

        if ((found->changed[i].refused & ~(1u << field)) != 0)
            continue;
        if (*code == OVERLAY_UNKNOWN_CODE &&
            !index_find_value(column, book->book.field[field], book->folded[field], code))
            *code = OVERLAY_NO_CODE;
        if (*code != OVERLAY_NO_CODE)
            counts[*code]++;
        else
            fresh[count++] = (struct facet_value){book->book.field[field], 1};
    }
    return merge(fresh, count);
}

static int compare_values(const void *a, const void *b)
{
    const struct facet_value *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return text_compare(left->value, right->value);
}

/* Keeps only the most frequent values, sorted. */
static void cut(struct facet *facet)
{
    qsort(facet->values, facet->count, sizeof *facet->values, compare_values);
    if (facet->count > LIMIT_FACET_VALUES) {
        facet->count = LIMIT_FACET_VALUES;
        facet->is_cut = true;
    }
}

/*
 * Adds a value, unless it is clearly not among the most frequent: a column may have tens of thousands, and sorting them
 * all takes longer than finding the books. There is room for twice as many as needed.
 */
static void offer(struct facet *facet, struct text value, uint32_t count)
{
    const struct facet_value offered = {value, count};

    if (value.len == 0) /* the empty value is not a choice */
        return;
    if (facet->is_cut && compare_values(&offered, &facet->values[LIMIT_FACET_VALUES - 1]) > 0)
        return;
    facet->values[facet->count++] = offered;
    if (facet->count == 2 * LIMIT_FACET_VALUES)
        cut(facet);
}

static void count_field(const struct found *found, int field, struct arena *arena, struct facet *facet)
{
    const struct index_file *file = &found->index->file;
    const struct index_column *column = &file->column[field];
    const struct row_set rows = rows_without(found, field);
    const size_t size = column->values * sizeof(uint32_t);
    const uint32_t total = found->query.choice[field].count == 0 ? found->row_count : row_set_count(&rows);
    uint32_t *counts = arena_alloc(found->arena, size + 1);
    struct facet_value *fresh = arena_alloc(found->arena, (found->changed_count + 1) * sizeof *fresh);
    size_t count;

    if (total > file->rows / 2) {
        memcpy(counts, column->counts, size);
        count_most_rows(&rows, file->rows - total, column->codes, counts);
    } else {
        memset(counts, 0, size);
        count_rows(&rows, column->codes, counts);
    }
    count = count_changed(found, field, counts, fresh);
    *facet = (struct facet){.field = (enum book_field)field};
    facet->values = arena_alloc(arena, 2 * LIMIT_FACET_VALUES * sizeof *facet->values);
    for (size_t i = 0; i < count; i++)
        offer(facet, fresh[i].value, (uint32_t)fresh[i].count);
    for (uint32_t c = 0; c < column->values; c++)
        if (counts[c] > 0)
            offer(facet, index_raw(column, c), counts[c]);
    cut(facet);
    for (size_t i = 0; i < facet->count; i++)
        facet->values[i].value = text_copy(arena, facet->values[i].value);
}

void found_facets(const struct found *found, struct arena *arena, struct facets *facets)
{
    facets->count = 0;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (book_fields[field].has_choices && found->index->file.column[field].values <= VALUES_MOST &&
            !deadline_passed(found->query.deadline)) /* takes a few milliseconds for a million books */
            count_field(found, field, arena, &facets->all[facets->count++]);
}
