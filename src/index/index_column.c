#include "index/index_column.h"

#include "base/buf.h"
#include "base/fold.h"
#include "book/query.h"
#include "index/index_file.h"
#include "index/sort_keys.h"

enum err_code column_open(struct column_build *column, const char *folder, enum book_field field, struct err *err)
{
    enum err_code code;

    *column = (struct column_build){.folder = folder, .field = field};
    code = texts_open(&column->raw, folder, err);
    if (code == ERR_OK)
        code = texts_open(&column->folded, folder, err);
    if (code == ERR_OK && field != BOOK_ID)
        code = spill_open(&column->codes, folder, err);
    return code;
}

void column_close(struct column_build *column)
{
    texts_close(&column->raw);
    texts_close(&column->folded);
    spill_close(&column->codes);
    spill_close(&column->order);
    spill_close(&column->firsts);
    spill_close(&column->counts);
}

enum err_code column_add(struct column_build *column, struct text value, struct err *err)
{
    uint32_t number;
    enum err_code code;

    if (column->field == BOOK_ID)
        return texts_add(&column->raw, value, err);
    code = texts_number(&column->raw, value, column->folder, &number, err);
    return code == ERR_OK ? spill_add(&column->codes, &number, sizeof number, err) : code;
}

struct text column_folded(const struct column_build *column, uint32_t c)
{
    struct text folded = texts_at(&column->folded, c);

    folded.len--;
    return folded;
}

/* Adds the folded form of each value. */
static enum err_code fold_values(struct column_build *column, struct err *err)
{
    struct buf folded = {0};
    enum err_code code = ERR_OK;

    for (uint32_t c = 0; code == ERR_OK && c < column->raw.count; c++) {
        buf_clear(&folded);
        query_fold_add(&folded, (int)column->field, texts_at(&column->raw, c));
        buf_add_char(&folded, (char)INDEX_END);
        code = texts_add(&column->folded, (struct text){folded.at, folded.len}, err);
    }
    buf_free(&folded);
    return code;
}

/* By folded form, then bytewise. */
static int compare_values(uint32_t a, uint32_t b, const void *context)
{
    const struct column_build *column = context;
    const int order = fold_compare(column_folded(column, a), column_folded(column, b));

    return order != 0 ? order : text_compare(texts_at(&column->raw, a), texts_at(&column->raw, b));
}

/* The same for IDs, of which those that begin with a text are to be neighbours. */
static int compare_ids(uint32_t a, uint32_t b, const void *context)
{
    return text_compare(column_folded(context, a), column_folded(context, b));
}

/* Opens the sorted keys of the values. */
static enum err_code sort_values(const struct column_build *column, struct spill *keys, struct err *err)
{
    const bool is_id = column->field == BOOK_ID;
    enum err_code code = spill_open(keys, column->folder, err);

    for (uint32_t c = 0; code == ERR_OK && c < column->raw.count; c++) {
        const struct text folded = column_folded(column, c);
        const struct sort_key key = sort_key_of(is_id ? folded : fold_sort_key(folded), c);

        code = spill_add(keys, &key, sizeof key, err);
    }
    return code == ERR_OK ? sort_keys(keys, is_id ? compare_ids : compare_values, column, column->folder, err) : code;
}

/* Sets home: for each value the last one with the same folded form. */
static void find_homes(const struct column_build *column, uint32_t *home)
{
    const uint32_t values = column->raw.count;

    for (uint32_t c = values; c-- > 0;)
        home[c] =
            c + 1 < values && text_equal(column_folded(column, c), column_folded(column, c + 1)) ? home[c + 1] : c;
}

/*
 * Sorts the rows by value with a counting sort, which keeps rows with equal folded forms in the order of their IDs: the
 * range of the home of a value has the rows of all of these values. next: zeros, one for each value.
 */
static void place_rows(struct column_build *column, const uint32_t *home, uint32_t *next)
{
    const uint32_t *codes = (const void *)column->codes.at;
    const size_t rows = column->codes.len / sizeof *codes, values = column->raw.count;
    uint32_t *firsts = (void *)column->firsts.at, *order = (void *)column->order.at;
    uint32_t *counts = (void *)column->counts.at;

    for (size_t row = 0; row < rows; row++) {
        counts[codes[row]]++;
        firsts[home[codes[row]] + 1]++;
    }
    for (size_t c = 0; c < values; c++) {
        firsts[c + 1] += firsts[c];
        next[c] = firsts[c];
    }
    for (size_t row = 0; row < rows; row++)
        order[next[home[codes[row]]]++] = (uint32_t)row;
}

static enum err_code order_rows(struct column_build *column, struct err *err)
{
    const size_t values = column->raw.count;
    struct spill home, next = {0};
    enum err_code code = spill_open_zeros(&home, column->folder, values * sizeof(uint32_t), err);

    if (code == ERR_OK)
        code = spill_open_zeros(&next, column->folder, values * sizeof(uint32_t), err);
    if (code == ERR_OK)
        code = spill_open_zeros(&column->firsts, column->folder, (values + 1) * sizeof(uint32_t), err);
    if (code == ERR_OK)
        code = spill_open_zeros(&column->order, column->folder, column->codes.len, err);
    if (code == ERR_OK)
        code = spill_open_zeros(&column->counts, column->folder, values * sizeof(uint32_t), err);
    if (code == ERR_OK) {
        find_homes(column, (void *)home.at);
        place_rows(column, (const void *)home.at, (void *)next.at);
    }
    spill_close(&home);
    spill_close(&next);
    return code;
}

/* Sorts the rows by their folded IDs, which are not kept. */
static enum err_code order_keys(struct column_build *column, struct err *err)
{
    struct spill keys = {0};
    enum err_code code = fold_values(column, err);

    if (code == ERR_OK)
        code = sort_values(column, &keys, err);
    if (code == ERR_OK)
        code = spill_open_zeros(&column->order, column->folder, column->raw.count * sizeof(uint32_t), err);
    for (uint32_t i = 0; code == ERR_OK && i < column->raw.count; i++)
        ((uint32_t *)(void *)column->order.at)[i] = ((const struct sort_key *)(const void *)keys.at)[i].number;
    spill_close(&keys);
    texts_close(&column->folded);
    return code;
}

enum err_code column_finish(struct column_build *column, struct err *err)
{
    struct spill keys = {0};
    enum err_code code;

    texts_forget_seen(&column->raw);
    if (column->field == BOOK_ID)
        return order_keys(column, err);
    code = fold_values(column, err);
    if (code == ERR_OK)
        code = sort_values(column, &keys, err);
    if (code == ERR_OK)
        code = sort_keys_renumber(&keys, &column->codes, column->folder, err);
    if (code == ERR_OK)
        code = texts_reorder(&column->raw, (const void *)keys.at, column->folder, err);
    if (code == ERR_OK)
        code = texts_reorder(&column->folded, (const void *)keys.at, column->folder, err);
    spill_close(&keys);
    return code == ERR_OK ? order_rows(column, err) : code;
}
