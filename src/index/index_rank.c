#include "index/index_rank.h"

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
    index_add_rows(&ranks->rows, titles, from, to);
}

/* Sets the rows to those that have all clauses at the start of a word of the title. */
static void find_words(struct index_ranks *ranks)
{
    const struct found *found = ranks->found;
    struct row_set with = row_set_new(found->arena, ranks->rows.rows);

    row_set_copy(&ranks->rows, &ranks->ahead);
    for (size_t i = 0; i < ranks->ranking.match->clauses->count; i++)
        if (ranks->ranking.counts[i]) {
            row_set_clear(&with);
            index_add_starts(&with, found, BOOK_TITLE, ranks->ranking.match->folded[i]);
            row_set_keep(&ranks->rows, &with);
        }
}

/* Sets the rows to those that have all clauses in the fields up to that of this rank. */
static void find_fields(struct index_ranks *ranks)
{
    const struct match *match = ranks->ranking.match;
    const int field = ranks->rank == RANK_TITLE ? BOOK_TITLE : (int)rank_fields[ranks->rank - RANK_FIELDS];

    row_set_copy(&ranks->rows, &ranks->ahead);
    for (size_t i = 0; i < match->clauses->count; i++) {
        struct row_set *with = &ranks->with[i];

        if (!ranks->ranking.counts[i])
            continue;
        if (with->words == NULL)
            *with = row_set_new(ranks->found->arena, ranks->rows.rows);
        if (match_looks_at(&match->clauses->all[i], field))
            index_add_field(with, ranks->found, field, match->folded[i]);
        row_set_keep(&ranks->rows, with);
    }
}

/* Sets rows to those of the current rank, and others that were found in an earlier one or not at all. */
static void find(struct index_ranks *ranks)
{
    if (ranks->rank == RANK_ELSEWHERE) {
        row_set_copy(&ranks->rows, &ranks->ahead);
        return;
    }
    row_set_clear(&ranks->rows);
    if (ranks->rank == RANK_WHOLE)
        index_add_id(&ranks->rows, &ranks->found->index->file, ranks->ranking.match->clauses->whole);
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
static void rank_few(struct index_ranks *ranks)
{
    const struct index_file *file = &ranks->found->index->file;
    struct row_set_reader reader = {.set = &ranks->found->rows};
    uint32_t row;

    ranks->few = arena_alloc(ranks->found->arena, ((size_t)ranks->found->row_count + 1) * sizeof *ranks->few);
    while (row_set_next(&reader, &row)) {
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
    if (ranks->few != NULL) {
        row_set_clear(&ranks->rows);
        ranks->count = 0;
        for (size_t i = 0; i < ranks->few_count; i++)
            if (ranks->few[i].rank == ranks->rank) {
                row_set_add(&ranks->rows, ranks->few[i].row);
                ranks->count++;
            }
        return;
    }
    find(ranks);
    row_set_keep(&ranks->rows, &ranks->ahead);
    row_set_exclude(&ranks->ahead, &ranks->rows);
    ranks->count = row_set_count(&ranks->rows);
}

struct index_ranks *index_ranks_new(const struct found *found)
{
    const uint32_t rows = found->index->file.rows;
    struct index_ranks *ranks = arena_alloc(found->arena, sizeof *ranks);

    *ranks = (struct index_ranks){.found = found, .rank = RANK_WHOLE};
    ranking_init(&ranks->ranking, &found->match, found->arena);
    ranks->rows = row_set_new(found->arena, rows);
    if (found->row_count <= FEW && found->row_count <= rows / ONE_OF) {
        rank_few(ranks);
    } else {
        ranks->ahead = row_set_new(found->arena, rows);
        row_set_copy(&ranks->ahead, &found->rows);
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
