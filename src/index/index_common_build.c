#include "index/index_common_build.h"

#include <string.h>

#include "base/bits.h"
#include "index/index_common.h"

/* The distinct grams of a value. */
struct grams {
    uint32_t seen[COMMON_GRAMS]; /* the last value with each gram, plus one */
    uint32_t list[COMMON_GRAMS], count;
};

static void add_gram(struct grams *grams, uint32_t value, int gram)
{
    if (gram < 0 || grams->seen[gram] == value + 1)
        return;
    grams->seen[gram] = value + 1;
    grams->list[grams->count++] = (uint32_t)gram;
}

static void read_grams(struct grams *grams, uint32_t value, struct text folded)
{
    int previous = -1;

    grams->count = 0;
    for (size_t i = 0; i < folded.len; i++) {
        const int letter = common_letter(folded.at[i]);

        add_gram(grams, value, letter);
        add_gram(grams, value, common_pair(previous, letter));
        previous = letter;
    }
}

/* Counts the rows of each gram. */
static void count_rows(const struct column_build *column, struct grams *grams, uint32_t *counts)
{
    const uint32_t *firsts = (const void *)column->firsts.at;

    for (uint32_t c = 0; c < column->folded.count; c++) {
        read_grams(grams, c, column_folded(column, c));
        for (uint32_t i = 0; i < grams->count; i++)
            counts[grams->list[i]] += firsts[c + 1] - firsts[c];
    }
}

/* Adds the rows of each value to the sets of its grams. set_of: the number of a gram's set plus one; 0: it has none. */
static void fill_sets(const struct column_build *column, struct grams *grams, const uint32_t *set_of, uint64_t *sets)
{
    const uint32_t *firsts = (const void *)column->firsts.at, *order = (const void *)column->order.at;
    const size_t words = bits_words((uint32_t)(column->order.len / sizeof *order));

    for (uint32_t c = 0; c < column->folded.count; c++) {
        if (firsts[c] == firsts[c + 1])
            continue;
        read_grams(grams, c, column_folded(column, c));
        for (uint32_t i = 0; i < grams->count; i++)
            for (uint32_t j = firsts[c]; set_of[grams->list[i]] > 0 && j < firsts[c + 1]; j++)
                bits_set(sets + (set_of[grams->list[i]] - 1) * words, order[j]);
    }
}

enum err_code common_build_make(struct common_build *build, const struct column_build *column, struct err *err)
{
    const uint32_t rows = (uint32_t)(column->order.len / sizeof(uint32_t));
    uint32_t counts[COMMON_GRAMS] = {0}, set_of[COMMON_GRAMS] = {0}, sets = 0;
    struct grams grams = {0};
    enum err_code code;

    *build = (struct common_build){0};
    code = spill_open(&build->numbers, column->folder, err);
    count_rows(column, &grams, counts);
    for (uint32_t gram = 0; code == ERR_OK && gram < COMMON_GRAMS; gram++)
        if (counts[gram] > rows / COMMON_SHARE) {
            set_of[gram] = ++sets;
            code = spill_add(&build->numbers, &gram, sizeof gram, err);
        }
    if (code == ERR_OK)
        code = spill_open_zeros(&build->rows, column->folder, sets * bits_words(rows) * sizeof(uint64_t), err);
    memset(&grams, 0, sizeof grams);
    if (code == ERR_OK)
        fill_sets(column, &grams, set_of, (void *)build->rows.at);
    return code;
}

void common_build_close(struct common_build *build)
{
    spill_close(&build->numbers);
    spill_close(&build->rows);
}
