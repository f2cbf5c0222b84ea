#include "index/index_walk.h"

#include <stdlib.h>

#include "book/match.h"
#include "index/index_walk_parts.h"

/* Returns the row at a position. */
static uint32_t row_at(const struct index_walk *walk, uint32_t position)
{
    const uint32_t left = walk->count - walk->first;

    if (walk->order == NULL)
        return position;
    return walk->order[position < left ? position + walk->first : position - left];
}

uint32_t walk_position(const struct index_walk *walk, uint32_t row)
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

bool walk_is_placed(const struct index_walk *walk, size_t i)
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
    if (count < file->rows / INDEX_SPARSE)
        order_sparse(walk, count);
    walk->placed_count = 0;
    for (size_t i = 0; i < found->changed_count; i++)
        if (walk_is_placed(walk, i))
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

bool walk_next_rank(struct index_walk *walk)
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
    } while (walk_next_rank(walk));
    return false;
}
