#include "index/index_rank.h"

#include <string.h>

#include "base/fold.h"

/* This many rows found, and one of this many, are sooner looked at one by one. */
enum { FEW = 1000, ONE_OF = 512 };

/* Returns the first title whose sort key is not before a text or, with is_after, does not begin with it either. */
static uint32_t bound(const struct index_column *titles, struct text key, bool is_after)
{
    uint32_t low = 0, high = titles->values;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        struct text title = fold_sort_key(index_folded(titles, middle));
        int order;

        title.len = title.len < key.len ? title.len : key.len;
        order = text_compare(title, key);
        if (order < 0 || (order == 0 && is_after))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds the rows whose title is what was searched for or, if not is_whole, begins with it. */
static void add_titles(struct index_ranks *ranks, bool is_whole)
{
    const struct index_column *titles = &ranks->found->index->file.column[BOOK_TITLE];
    const struct text key = ranks->ranking.title;
    uint32_t from, to;

    if (key.len == 0)
        return;
    from = bound(titles, key, false);
    if (is_whole)
        for (to = from; to < titles->values && text_equal(fold_sort_key(index_folded(titles, to)), key); to++)
            continue;
    else
        to = bound(titles, key, true);
    index_add_rows(ranks->rows, titles, from, to);
}

/* Sets the rows to those that have all clauses at the start of a word of the title. */
static void find_words(struct index_ranks *ranks)
{
    const struct found *found = ranks->found;
    const uint32_t rows = found->index->file.rows;
    uint64_t *with = bits_new(found->arena, rows, false);

    memset(ranks->rows, 0xFF, bits_words(rows) * sizeof *ranks->rows);
    for (size_t i = 0; i < ranks->ranking.match->clauses->count; i++)
        if (ranks->ranking.counts[i]) {
            memset(with, 0, bits_words(rows) * sizeof *with);
            index_add_starts(with, found, BOOK_TITLE, ranks->ranking.match->folded[i]);
            bits_keep(ranks->rows, with, bits_words(rows));
        }
}

/* Sets the rows to those that have all clauses in the fields up to that of this rank. */
static void find_fields(struct index_ranks *ranks)
{
    const struct match *match = ranks->ranking.match;
    const uint32_t rows = ranks->found->index->file.rows;
    const int field = ranks->rank == RANK_TITLE ? BOOK_TITLE : (int)rank_fields[ranks->rank - RANK_FIELDS];

    memset(ranks->rows, 0xFF, bits_words(rows) * sizeof *ranks->rows);
    for (size_t i = 0; i < match->clauses->count; i++) {
        if (!ranks->ranking.counts[i])
            continue;
        if (ranks->with[i] == NULL)
            ranks->with[i] = bits_new(ranks->found->arena, rows, false);
        if (match_looks_at(&match->clauses->all[i], field))
            index_add_field(ranks->with[i], ranks->found, field, match->folded[i]);
        bits_keep(ranks->rows, ranks->with[i], bits_words(rows));
    }
}

/* Sets rows to those of the current rank, and others that were found in an earlier one or not at all. */
static void find(struct index_ranks *ranks)
{
    const struct found *found = ranks->found;
    const size_t words = bits_words(found->index->file.rows);

    if (ranks->rank == RANK_ELSEWHERE) {
        memcpy(ranks->rows, ranks->ahead, words * sizeof *ranks->rows);
        return;
    }
    memset(ranks->rows, 0, words * sizeof *ranks->rows);
    if (ranks->rank == RANK_WHOLE)
        index_add_id(ranks->rows, &found->index->file, ranks->ranking.match->clauses->whole);
    if (!ranks->ranking.is_any)
        return;
    if (ranks->rank == RANK_WHOLE || ranks->rank == RANK_START)
        add_titles(ranks, ranks->rank == RANK_WHOLE);
    else if (ranks->rank == RANK_WORD)
        find_words(ranks);
    else
        find_fields(ranks);
}

/* Ranks each of the rows found. */
static void rank_few(struct index_ranks *ranks, uint64_t count)
{
    const struct index_file *file = &ranks->found->index->file;

    ranks->few = arena_alloc(ranks->found->arena, (count + 1) * sizeof *ranks->few);
    for (size_t i = 0; i < bits_words(file->rows) && ranks->few_count < count; i++)
        for (uint64_t word = ranks->found->rows[i]; word != 0; word &= word - 1) {
            const uint32_t row = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word);
            const struct book book = {.field[BOOK_ID] = index_value(file, BOOK_ID, row)};
            struct text folded[BOOK_FIELDS] = {0};

            for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++)
                folded[field] = index_folded(&file->column[field], file->column[field].codes[row]);
            ranks->few[ranks->few_count++] = (struct ranked_row){row, ranking_of(&ranks->ranking, &book, folded)};
        }
}

/* Sets rows and count to those of the current rank. */
static void settle(struct index_ranks *ranks)
{
    const size_t words = bits_words(ranks->found->index->file.rows);

    if (ranks->few != NULL) {
        ranks->count = 0;
        for (size_t i = 0; i < ranks->few_count; i++) {
            bits_unset(ranks->rows, ranks->few[i].row);
            if (ranks->few[i].rank == ranks->rank) {
                bits_set(ranks->rows, ranks->few[i].row);
                ranks->count++;
            }
        }
        return;
    }
    find(ranks);
    bits_keep(ranks->rows, ranks->ahead, words);
    bits_remove(ranks->ahead, ranks->rows, words);
    ranks->count = bits_count(ranks->rows, words);
}

struct index_ranks *index_ranks_new(const struct found *found, uint64_t count)
{
    const uint32_t rows = found->index->file.rows;
    struct index_ranks *ranks = arena_alloc(found->arena, sizeof *ranks);

    *ranks = (struct index_ranks){.found = found, .rank = RANK_WHOLE};
    ranking_init(&ranks->ranking, &found->match, found->arena);
    ranks->rows = bits_new(found->arena, rows, false);
    if (count <= FEW && count <= rows / ONE_OF) {
        rank_few(ranks, count);
    } else {
        ranks->ahead = bits_new(found->arena, rows, false);
        memcpy(ranks->ahead, found->rows, bits_words(rows) * sizeof *ranks->ahead);
    }
    settle(ranks);
    return ranks;
}

bool index_ranks_next(struct index_ranks *ranks)
{
    if (ranks->rank == RANK_ELSEWHERE)
        return false;
    ranks->rank++;
    settle(ranks);
    return true;
}
