/* Shared by index_walk.c (the order of a result, step by step), index_walk_skip.c and index_walk_group.c. */
#ifndef INDEX_INDEX_WALK_PARTS_H
#define INDEX_INDEX_WALK_PARTS_H

#include "index/index_rank.h"
#include "index/index_walk.h"

enum { INDEX_SPARSE = 64 }; /* one of this many rows: sorting these is faster than passing all others */

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

/* Returns the position of a row in a walk of all rows. */
uint32_t walk_position(const struct index_walk *walk, uint32_t row);

/* Returns whether changed book i of the result is among the books of the walk, or of its current rank. */
bool walk_is_placed(const struct index_walk *walk, size_t i);

/* Goes on with the next rank. Returns false if there is none. */
bool walk_next_rank(struct index_walk *walk);

#endif
