/*
 * The part of a walk that skips books: to the page that is wanted. Ranks are skipped as a whole. If all books are
 * wanted, those between two changed ones are skipped by arithmetic.
 */
#include <stdlib.h>

#include "index/index_walk_parts.h"

enum { JUMP_COST = 64 }; /* finding the position of a changed book's row takes as long as passing this many books */

/* Skips whole ranks, as long as there are at least that many books to skip. Returns how many are left to skip. */
static uint64_t pass_ranks(struct index_walk *walk, uint64_t books)
{
    while (walk->ranks != NULL && books >= walk->total) {
        books -= walk->total;
        if (!walk_next_rank(walk))
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
            positions[(*count)++] = walk_position(walk, overlay->books[i]->row);
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
