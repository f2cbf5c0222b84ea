#include "index/index_column.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/mem.h"
#include "index/index_file.h"

enum { SEEN_FIRST = 1024, KEY_BYTES = 8 };

/* A slot of the hash table of values (open addressing); code is the value's code plus one, 0 if empty. */
struct column_slot {
    uint32_t hash, code;
};

enum err_code column_open(struct column_build *column, const char *folder, bool is_key, struct err *err)
{
    struct spill *const spills[] = {&column->raw,   &column->raw_starts, &column->folded, &column->folded_starts,
                                    &column->codes, &column->order,      &column->firsts};
    enum err_code code = ERR_OK;

    *column = (struct column_build){.folder = folder, .is_key = is_key};
    for (size_t i = 0; code == ERR_OK && i < (is_key ? 2 : sizeof spills / sizeof *spills); i++)
        code = spill_open(spills[i], folder, err);
    return code == ERR_OK ? spill_grow(&column->raw_starts, sizeof(uint32_t), err) : code;
}

void column_close(struct column_build *column)
{
    spill_close(&column->raw);
    spill_close(&column->raw_starts);
    spill_close(&column->folded);
    spill_close(&column->folded_starts);
    spill_close(&column->codes);
    spill_close(&column->order);
    spill_close(&column->firsts);
    free(column->seen);
    column->seen = NULL;
}

/* Returns value c in bytes, which starts splits into values. */
static struct text value_at(const struct spill *bytes, const struct spill *starts, uint32_t c)
{
    const uint32_t *start = (const void *)starts->at;

    return (struct text){bytes->at + start[c], start[c + 1] - start[c]};
}

/* Returns the folded form of value c, without INDEX_END. */
static struct text folded_at(const struct column_build *column, uint32_t c)
{
    struct text folded = value_at(&column->folded, &column->folded_starts, c);

    folded.len--;
    return folded;
}

/* Appends a value to bytes and its end to starts. */
static enum err_code add_value(struct spill *bytes, struct spill *starts, struct text value, struct err *err)
{
    const uint64_t end = bytes->len + value.len;
    const uint32_t start = (uint32_t)end;
    enum err_code code = end < INDEX_MOST ? spill_add(bytes, value.at, value.len, err)
                                          : err_set(err, ERR_INTERNAL, "index: the values of a column are too large");

    return code == ERR_OK ? spill_add(starts, &start, sizeof start, err) : code;
}

/* Doubles the hash table. */
static void grow_seen(struct column_build *column)
{
    struct column_slot *old = column->seen;
    const uint32_t size = column->seen_size;

    column->seen_size = size > 0 ? size * 2 : SEEN_FIRST;
    column->seen = mem_zero(column->seen_size * sizeof *column->seen);
    for (uint32_t i = 0; i < size; i++) {
        uint32_t at = old[i].hash & (column->seen_size - 1);

        if (old[i].code == 0)
            continue;
        while (column->seen[at].code != 0)
            at = (at + 1) & (column->seen_size - 1);
        column->seen[at] = old[i];
    }
    free(old);
}

enum err_code column_add(struct column_build *column, struct text value, struct err *err)
{
    const uint32_t hash = (uint32_t)hash_bytes(0, value.at, value.len);
    enum err_code code = ERR_OK;
    struct column_slot *slot;
    uint32_t at;

    if (column->is_key) {
        column->values++;
        return add_value(&column->raw, &column->raw_starts, value, err);
    }
    if (column->values >= column->seen_size / 2)
        grow_seen(column);
    for (at = hash & (column->seen_size - 1);; at = (at + 1) & (column->seen_size - 1)) {
        slot = &column->seen[at];
        if (slot->code == 0 ||
            (slot->hash == hash && text_equal(value_at(&column->raw, &column->raw_starts, slot->code - 1), value)))
            break;
    }
    if (slot->code == 0) {
        code = add_value(&column->raw, &column->raw_starts, value, err);
        *slot = (struct column_slot){hash, ++column->values};
    }
    at = slot->code - 1;
    return code == ERR_OK ? spill_add(&column->codes, &at, sizeof at, err) : code;
}

/* Adds the folded form of each value. */
static enum err_code fold_values(struct column_build *column, struct err *err)
{
    struct buf folded = {0};
    enum err_code code = spill_grow(&column->folded_starts, sizeof(uint32_t), err);

    for (uint32_t c = 0; code == ERR_OK && c < column->values; c++) {
        buf_clear(&folded);
        fold_add(&folded, value_at(&column->raw, &column->raw_starts, c));
        buf_add_char(&folded, (char)INDEX_END);
        code = add_value(&column->folded, &column->folded_starts, (struct text){folded.at, folded.len}, err);
    }
    buf_free(&folded);
    return code;
}

/* The sort key of a value: the start of the folded form as a number, which usually decides, and the value. */
struct sort_key {
    uint64_t beginning;
    uint32_t code;
};

static int compare_keys(const void *a, const void *b, void *context)
{
    const struct sort_key *left = a, *right = b;
    const struct column_build *column = context;
    int order;

    if (left->beginning != right->beginning)
        return left->beginning < right->beginning ? -1 : 1;
    order = text_compare(folded_at(column, left->code), folded_at(column, right->code));
    return order != 0 ? order
                      : text_compare(value_at(&column->raw, &column->raw_starts, left->code),
                                     value_at(&column->raw, &column->raw_starts, right->code));
}

/* Returns the sorted values; the caller frees them. */
static struct sort_key *sort_values(struct column_build *column)
{
    struct sort_key *keys = mem_grow(NULL, column->values * sizeof *keys);

    for (uint32_t c = 0; c < column->values; c++) {
        const struct text folded = folded_at(column, c);
        unsigned char beginning[KEY_BYTES] = {0};

        memcpy(beginning, folded.at, folded.len < KEY_BYTES ? folded.len : KEY_BYTES);
        keys[c] = (struct sort_key){0, c};
        for (int i = 0; i < KEY_BYTES; i++)
            keys[c].beginning = keys[c].beginning << 8 | beginning[i];
    }
    qsort_r(keys, column->values, sizeof *keys, compare_keys, column);
    return keys;
}

/* Reorders values, which starts splits, to the order of keys. */
static enum err_code rearrange(struct spill *bytes, struct spill *starts, const struct sort_key *keys, uint32_t values,
                               const char *folder, struct err *err)
{
    struct spill new_bytes = {0}, new_starts = {0};
    enum err_code code = spill_open(&new_bytes, folder, err);

    if (code == ERR_OK)
        code = spill_open(&new_starts, folder, err);
    if (code == ERR_OK)
        code = spill_grow(&new_starts, sizeof(uint32_t), err);
    for (uint32_t c = 0; code == ERR_OK && c < values; c++)
        code = add_value(&new_bytes, &new_starts, value_at(bytes, starts, keys[c].code), err);
    spill_close(bytes);
    spill_close(starts);
    *bytes = new_bytes;
    *starts = new_starts;
    return code;
}

/* Gives each row the new code of its value. */
static void renumber(struct column_build *column, const struct sort_key *keys)
{
    uint32_t *codes = (void *)column->codes.at;
    const size_t rows = column->codes.len / sizeof *codes;
    uint32_t *renamed = mem_grow(NULL, column->values * sizeof *renamed);

    for (uint32_t c = 0; c < column->values; c++)
        renamed[keys[c].code] = c;
    for (size_t row = 0; row < rows; row++)
        codes[row] = renamed[codes[row]];
    free(renamed);
}

/*
 * Sorts the rows by value with a counting sort, which keeps rows with equal folded forms in the order of their IDs.
 * home: for each value the last one with the same folded form; its range has the rows of all of them.
 */
static enum err_code order_rows(struct column_build *column, struct err *err)
{
    const uint32_t *codes = (const void *)column->codes.at;
    const size_t rows = column->codes.len / sizeof *codes, values = column->values;
    uint32_t *home = mem_grow(NULL, (values + 1) * sizeof *home), *next = mem_zero((values + 1) * sizeof *next);
    enum err_code code = spill_grow(&column->firsts, (values + 1) * sizeof(uint32_t), err);
    uint32_t *firsts = (void *)column->firsts.at, *order;

    if (code == ERR_OK)
        code = spill_grow(&column->order, rows * sizeof *order, err);
    order = (void *)column->order.at;
    for (size_t c = values; code == ERR_OK && c-- > 0;)
        home[c] = c + 1 < values && text_equal(folded_at(column, (uint32_t)c), folded_at(column, (uint32_t)c + 1))
                      ? home[c + 1]
                      : (uint32_t)c;
    for (size_t row = 0; code == ERR_OK && row < rows; row++)
        firsts[home[codes[row]] + 1]++;
    for (size_t c = 0; code == ERR_OK && c < values; c++) {
        firsts[c + 1] += firsts[c];
        next[c] = firsts[c];
    }
    for (size_t row = 0; code == ERR_OK && row < rows; row++)
        order[next[home[codes[row]]]++] = (uint32_t)row;
    free(home);
    free(next);
    return code;
}

enum err_code column_finish(struct column_build *column, struct err *err)
{
    struct sort_key *keys;
    enum err_code code;

    free(column->seen);
    column->seen = NULL;
    if (column->is_key)
        return ERR_OK;
    code = fold_values(column, err);
    if (code != ERR_OK)
        return code;
    keys = sort_values(column);
    renumber(column, keys);
    code = rearrange(&column->raw, &column->raw_starts, keys, column->values, column->folder, err);
    if (code == ERR_OK)
        code = rearrange(&column->folded, &column->folded_starts, keys, column->values, column->folder, err);
    free(keys);
    return code == ERR_OK ? order_rows(column, err) : code;
}
