#include "index/index_walk.h"

#include <stdlib.h>

#include "book/match.h"
#include "index/index_rank.h"

enum {
    SPARSE = 64,   /* one of this many rows: sorting these is faster than passing all others */
    JUMP_COST = 64 /* finding the position of a changed book's row takes as long as passing this many books */
};

/* A changed book and the position in the order of the rows before which it belongs. */
struct placed {
    const struct overlay_book *book;
    uint32_t place;
};

/*
 * Positions are those of the order in which a walk goes forward. Invariant: going forward, the rows before position at
 * and the first `next` placed books are done; going backward, the rows from at on and the placed books from `next` on.
 */
struct index_walk {
    const struct found *found;
    const struct row_set *rows; /* the rows found, or those of the current rank */
    uint64_t total;             /* of these, and the changed books among them */
    struct index_ranks *ranks;  /* NULL: the query does not order by rank */
    enum rank *changed_rank;    /* of each changed book of found */
    const uint32_t *order;      /* all rows, or only those found, in order; NULL: all, in the order of their IDs */
    uint32_t count;             /* of these rows */
    uint32_t first;             /* position 0 is this one of order, where the books without a value come before it */
    struct placed *placed;
    size_t placed_count, next;
    uint32_t at;
    bool is_backward;
};

/* Returns the row at a position. */
static uint32_t row_at(const struct index_walk *walk, uint32_t position)
{
    const uint32_t left = walk->count - walk->first;

    if (walk->order == NULL)
        return position;
    return walk->order[position < left ? position + walk->first : position - left];
}

/* Returns the result of match_compare_one() for the direction in which positions count. */
static int forward(const struct index_walk *walk, int order)
{
    return walk->found->query.order[0].is_descending ? -order : order;
}

/* Compares the book in a row with a changed book. */
static int compare_row(const struct index_walk *walk, uint32_t row, const struct overlay_book *book)
{
    const struct query *query = &walk->found->query;
    const struct index_file *file = &walk->found->index->file;
    const struct index_column *column = &file->column[query->order[0].field];

    return forward(walk,
                   match_compare_one(query->order[0], index_folded(column, column->codes[row]),
                                     index_value(file, BOOK_ID, row), book->folded[query->order[0].field], book->id));
}

/* Finds the position of a changed book. */
static uint32_t place_of(const struct index_walk *walk, const struct overlay_book *book)
{
    uint32_t low = 0, high = walk->count;

    if (walk->order == NULL)
        return book->place;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2, row = row_at(walk, middle);

        if (walk->found->query.order[0].field == BOOK_ID ? row < book->place : compare_row(walk, row, book) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_placed(const void *a, const void *b, void *context)
{
    const struct placed *left = a, *right = b;
    const struct index_walk *walk = context;
    const struct query_order order = walk->found->query.order[0];

    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return forward(walk, match_compare_one(order, left->book->folded[order.field], left->book->id,
                                           right->book->folded[order.field], right->book->id));
}

/* A found row with its place in the order of a column: rows with equal folded forms have the same. */
struct sparse_row {
    uint32_t place, row;
};

/* Returns the place of a row. */
static uint32_t place_of_row(const struct query *query, const struct index_column *column, uint32_t row)
{
    if (query->order[0].field == BOOK_ID)
        return row;
    if (!query->order[0].is_descending && index_folded(column, column->codes[row]).len == 0)
        return UINT32_MAX;
    return index_home(column, column->codes[row]);
}

static int compare_sparse(const void *a, const void *b)
{
    const struct sparse_row *left = a, *right = b;

    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* Sets the order of a walk to the rows found, of which there are count. */
static void order_sparse(struct index_walk *walk, uint32_t count)
{
    const struct found *found = walk->found;
    const struct index_file *file = &found->index->file;
    const struct index_column *column = &file->column[found->query.order[0].field];
    struct sparse_row *sparse = arena_alloc(found->arena, (count + 1) * sizeof *sparse);
    uint32_t *order = arena_alloc(found->arena, (count + 1) * sizeof *order);
    struct row_set_reader reader = {.set = walk->rows};
    uint32_t filled = 0, row;

    while (filled < count && row_set_next(&reader, &row))
        sparse[filled++] = (struct sparse_row){place_of_row(&found->query, column, row), row};
    if (found->query.order[0].field != BOOK_ID)
        qsort(sparse, filled, sizeof *sparse, compare_sparse);
    for (uint32_t i = 0; i < filled; i++)
        order[i] = sparse[i].row;
    walk->order = order;
    walk->first = 0;
    walk->count = filled;
}

/* Returns whether changed book i of the result is among the books of the walk, or of its current rank. */
static bool is_placed(const struct index_walk *walk, size_t i)
{
    return walk->found->changed[i].refused == 0 && (walk->ranks == NULL || walk->changed_rank[i] == walk->ranks->rank);
}

/* Starts with a set of rows, of which there are count, and the changed books that are placed. */
static void begin(struct index_walk *walk, const struct row_set *rows, uint32_t count)
{
    const struct found *found = walk->found;
    const struct index_file *file = &found->index->file;
    const enum book_field field = found->query.order[0].field;

    walk->rows = rows;
    walk->order = field == BOOK_ID ? NULL : file->column[field].order;
    walk->count = file->rows;
    walk->first = field == BOOK_ID || found->query.order[0].is_descending ? 0 : index_blanks(&file->column[field]);
    if (count < file->rows / SPARSE)
        order_sparse(walk, count);
    walk->placed_count = 0;
    for (size_t i = 0; i < found->changed_count; i++)
        if (is_placed(walk, i))
            walk->placed[walk->placed_count++] =
                (struct placed){found->changed[i].book, place_of(walk, found->changed[i].book)};
    if (field != BOOK_ID) /* they are sorted already */
        qsort_r(walk->placed, walk->placed_count, sizeof *walk->placed, compare_placed, walk);
    walk->total = count + walk->placed_count;
    walk->at = walk->is_backward ? walk->count : 0;
    walk->next = walk->is_backward ? walk->placed_count : 0;
}

/* Starts with the best rank. */
static void begin_ranks(struct index_walk *walk)
{
    const struct found *found = walk->found;

    walk->ranks = index_ranks_new(found);
    walk->changed_rank = arena_alloc(found->arena, (found->changed_count + 1) * sizeof *walk->changed_rank);
    for (size_t i = 0; i < found->changed_count; i++) {
        const struct overlay_book *book = found->changed[i].book;

        walk->changed_rank[i] = ranking_of(&walk->ranks->ranking, &book->book, book->folded);
    }
    begin(walk, &walk->ranks->rows, walk->ranks->count);
}

/* Goes on with the next rank. Returns false if there is none. */
static bool next_rank(struct index_walk *walk)
{
    if (walk->ranks == NULL || !index_ranks_next(walk->ranks))
        return false;
    begin(walk, &walk->ranks->rows, walk->ranks->count);
    return true;
}

struct index_walk *index_walk_new(const struct found *found, bool from_end)
{
    struct index_walk *walk = arena_alloc(found->arena, sizeof *walk);

    *walk = (struct index_walk){.found = found, .is_backward = found->query.order[0].is_descending != from_end};
    walk->placed = arena_alloc(found->arena, (found->changed_count + 1) * sizeof *walk->placed);
    if (found->query.is_best_first && found->total > 0)
        begin_ranks(walk);
    else
        begin(walk, &found->rows, found->row_count);
    return walk;
}

/* Moves to the next book. Returns false at the end. */
static bool step_forward(struct index_walk *walk, struct index_step *step)
{
    const uint32_t end = walk->next < walk->placed_count ? walk->placed[walk->next].place : walk->count;

    while (walk->at < end) {
        const uint32_t row = row_at(walk, walk->at);

        walk->at++;
        if (row_set_has(walk->rows, row)) {
            *step = (struct index_step){NULL, row};
            return true;
        }
    }
    if (walk->next == walk->placed_count)
        return false;
    *step = (struct index_step){walk->placed[walk->next++].book, 0};
    return true;
}

/* The same, backward. */
static bool step_backward(struct index_walk *walk, struct index_step *step)
{
    const uint32_t end = walk->next > 0 ? walk->placed[walk->next - 1].place : 0;

    while (walk->at > end) {
        const uint32_t row = row_at(walk, walk->at - 1);

        walk->at--;
        if (row_set_has(walk->rows, row)) {
            *step = (struct index_step){NULL, row};
            return true;
        }
    }
    if (walk->next == 0)
        return false;
    *step = (struct index_step){walk->placed[--walk->next].book, 0};
    return true;
}

bool index_walk_next(struct index_walk *walk, struct index_step *step)
{
    do {
        if (walk->is_backward ? step_backward(walk, step) : step_forward(walk, step))
            return true;
    } while (next_rank(walk));
    return false;
}

/* ---- Skipping books */

/* Skips whole ranks, as long as there are at least that many books to skip. Returns how many are left to skip. */
static uint64_t pass_ranks(struct index_walk *walk, uint64_t books)
{
    while (walk->ranks != NULL && books >= walk->total) {
        books -= walk->total;
        if (!next_rank(walk))
            break;
    }
    return books;
}

/* Returns whether skipping that many books is faster by arithmetic: all rows are found but those of changed books. */
static bool can_jump(const struct index_walk *walk, uint64_t books)
{
    const struct index *index = walk->found->index;

    return walk->found->is_whole && walk->ranks == NULL && walk->count == index->file.rows &&
           books > index->overlay.count * JUMP_COST;
}

/* Returns the position of a row in a walk of all rows. */
static uint32_t position_of(const struct index_walk *walk, uint32_t row)
{
    const enum book_field field = walk->found->query.order[0].field;
    const struct index_column *column = &walk->found->index->file.column[field];
    uint32_t home, low, high;

    if (walk->order == NULL)
        return row;
    home = index_home(column, column->codes[row]);
    low = column->firsts[home];
    high = column->firsts[home + 1];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (column->order[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low >= walk->first ? low - walk->first : low + (walk->count - walk->first);
}

static int compare_positions(const void *a, const void *b)
{
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Returns the positions of the rows whose books have changed, ascending. */
static uint32_t *hidden_positions(const struct index_walk *walk, size_t *count)
{
    const struct overlay *overlay = &walk->found->index->overlay;
    uint32_t *positions = arena_alloc(walk->found->arena, (overlay->count + 1) * sizeof *positions);

    *count = 0;
    for (size_t i = 0; i < overlay->count; i++)
        if (overlay->books[i]->row != OVERLAY_NO_ROW)
            positions[(*count)++] = position_of(walk, overlay->books[i]->row);
    qsort(positions, *count, sizeof *positions, compare_positions);
    return positions;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Skips books: the rows up to the next changed book or hidden row at once. */
static void jump_forward(struct index_walk *walk, uint64_t books, const uint32_t *hidden, size_t count)
{
    size_t passed = 0; /* of the hidden rows */

    while (books > 0) {
        const uint32_t end = walk->next < walk->placed_count ? walk->placed[walk->next].place : walk->count;
        const uint32_t stop = passed < count && hidden[passed] < end ? hidden[passed] : end;
        const uint64_t run = least(stop > walk->at ? stop - walk->at : 0, books);

        books -= run;
        walk->at += (uint32_t)run;
        if (books == 0)
            break;
        if (stop < end) {
            walk->at++;
            passed++;
        } else if (walk->next < walk->placed_count) {
            walk->next++;
            books--;
        } else {
            break;
        }
    }
}

/* The same backward. */
static void jump_backward(struct index_walk *walk, uint64_t books, const uint32_t *hidden, size_t count)
{
    size_t left = count; /* of the hidden rows */

    while (books > 0) {
        const uint32_t end = walk->next > 0 ? walk->placed[walk->next - 1].place : 0;
        const uint32_t stop = left > 0 && hidden[left - 1] >= end ? hidden[left - 1] + 1 : end;
        const uint64_t run = least(walk->at > stop ? walk->at - stop : 0, books);

        books -= run;
        walk->at -= (uint32_t)run;
        if (books == 0)
            break;
        if (stop > end) {
            walk->at--;
            left--;
        } else if (walk->next > 0) {
            walk->next--;
            books--;
        } else {
            break;
        }
    }
}

bool index_walk_pass(struct index_walk *walk, uint64_t books)
{
    struct index_step step;

    books = pass_ranks(walk, books);
    if (can_jump(walk, books)) {
        size_t count;
        const uint32_t *hidden = hidden_positions(walk, &count);

        (walk->is_backward ? jump_backward : jump_forward)(walk, books, hidden, count);
        return true;
    }
    for (; books > 0 && index_walk_next(walk, &step); books--)
        if (books % INDEX_LOOK_EVERY == 0 && deadline_passed(walk->found->query.deadline))
            return false;
    return true;
}

/* ---- Large groups */

/* Finds the value of a step in the first order, as index_home() has it. Returns false if no row has it. */
static bool find_home(const struct index_walk *walk, const struct index_step *step, uint32_t *home)
{
    const enum book_field field = walk->found->query.order[0].field;
    const struct index_column *column = &walk->found->index->file.column[field];
    struct text folded;

    if (step->changed == NULL) {
        *home = index_home(column, column->codes[step->row]);
        return true;
    }
    folded = step->changed->folded[field];
    index_find_value(column, (struct text){"", 0}, folded, home); /* the first with that form, if there is one */
    if (*home == column->values || !text_equal(index_folded(column, *home), folded))
        return false;
    *home = index_home(column, *home);
    return true;
}

/* Sets the books of a group: those of a walk with a value, all of them in the order array from `from` to before `to`.
 */
static void gather_group(const struct index_walk *walk, struct text folded, uint32_t from, uint32_t to,
                         struct found *group)
{
    const struct found *found = walk->found;
    const enum book_field field = found->query.order[0].field;

    row_set_clear(&group->rows);
    row_set_expect(&group->rows, to - from);
    for (uint32_t i = from; i < to; i++)
        if (row_set_has(walk->rows, walk->order[i]))
            row_set_add(&group->rows, walk->order[i]);
    group->row_count = row_set_count(&group->rows);
    group->changed_count = 0;
    for (size_t i = 0; i < found->changed_count; i++)
        if (is_placed(walk, i) && text_equal(found->changed[i].book->folded[field], folded))
            group->changed[group->changed_count++] = found->changed[i];
    group->total = group->row_count + group->changed_count;
}

/* Moves past the positions from begin to before end, and the changed books with their value. */
static void pass_group(struct index_walk *walk, struct text folded, uint32_t begin, uint32_t end)
{
    const enum book_field field = walk->found->query.order[0].field;

    walk->at = walk->is_backward ? begin : end;
    while (!walk->is_backward && walk->next < walk->placed_count && walk->placed[walk->next].place <= end &&
           text_equal(walk->placed[walk->next].book->folded[field], folded))
        walk->next++;
    while (walk->is_backward && walk->next > 0 && walk->placed[walk->next - 1].place >= begin &&
           text_equal(walk->placed[walk->next - 1].book->folded[field], folded))
        walk->next--;
}

struct found *index_walk_group_new(const struct index_walk *walk)
{
    const struct found *found = walk->found;
    struct found *group = arena_alloc(found->arena, sizeof *group);

    *group = *found;
    group->rows = row_set_new(found->arena, found->index->file.rows);
    group->changed = arena_alloc(found->arena, (found->changed_count + 1) * sizeof *group->changed);
    group->is_whole = false;
    memmove(group->query.order, group->query.order + 1, group->query.further * sizeof *group->query.order);
    group->query.further--;
    return group;
}

bool index_walk_large_group(struct index_walk *walk, const struct index_step *first, struct found *group)
{
    const struct index_file *file = &walk->found->index->file;
    const struct index_column *column = &file->column[walk->found->query.order[0].field];
    uint32_t home, from, to, begin;

    if (walk->ranks != NULL || walk->order == NULL || walk->count != file->rows || !find_home(walk, first, &home))
        return false;
    from = column->firsts[home];
    to = column->firsts[home + 1];
    if (to - from <= file->rows / SPARSE)
        return false;
    gather_group(walk, index_folded(column, home), from, to, group);
    begin = position_of(walk, column->order[from]);
    pass_group(walk, index_folded(column, home), begin, begin + (to - from));
    return true;
}

void index_walk_pass_ids(struct index_walk *walk, struct text after)
{
    uint32_t row, low = 0, high = walk->count;

    if (index_find_id(&walk->found->index->file, after, &row))
        row++;
    while (walk->order != NULL && low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (walk->order[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    walk->at = walk->order != NULL ? low : row;
    while (walk->next < walk->placed_count && text_compare(walk->placed[walk->next].book->id, after) <= 0)
        walk->next++;
}
