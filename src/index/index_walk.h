/*
 * index_walk: iterates over a result in the first order of the query: the rows by the order array of a column, merged
 * with the changed books at their positions; with ranks, those of one rank after those of another.
 */
#ifndef INDEX_INDEX_WALK_H
#define INDEX_INDEX_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "index/index_parts.h"

enum { INDEX_LOOK_EVERY = 65536 }; /* books between two looks at the deadline */

/* A book of the result: a changed one or, if that is NULL, that of a row. */
struct index_step {
    const struct overlay_book *changed;
    uint32_t row;
};

/* Starts at the beginning or at the end of the order. The walk lives in the arena of found. */
struct index_walk;
struct index_walk *index_walk_new(const struct found *found, bool from_end);

/* Moves to the next book. Returns false at the end. */
bool index_walk_next(struct index_walk *walk, struct index_step *step);

/* Skips the first books of a new walk. Returns false if the query's deadline passed meanwhile. */
bool index_walk_pass(struct index_walk *walk, uint64_t books);

/* Skips the books up to an ID, in a walk that is ordered by ID. */
void index_walk_pass_ids(struct index_walk *walk, struct text after);

/*
 * For a query in several orders, at a step that is the first with its value in the first order. If too many books of
 * the table have this value to be sorted one by one, sets *group to those of the walk, a result of its own in all
 * orders but the first, moves past them and returns true. *group is NULL or a group that is no longer needed.
 */
bool index_walk_large_group(struct index_walk *walk, const struct index_step *first, struct found **group);

#endif
