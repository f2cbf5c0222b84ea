/*
 * index_groups: iterates over a result in several orders. A walk has it in the first. The books of a group, which are
 * equal in that, are sorted by the others when the group is reached, as far as they are wanted; those of a large group
 * are a result of their own, which is walked in the other orders.
 */
#ifndef INDEX_INDEX_GROUPS_H
#define INDEX_INDEX_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/index_walk.h"

/* Starts at the first group. The result lives in the arena of found. */
struct index_groups;
struct index_groups *index_groups_new(const struct found *found);

/* Before the first book: skips some, and leaves all but the next `limit` unsorted. */
void index_groups_limit(struct index_groups *groups, uint64_t skipped, uint64_t limit);

/* Moves to the next book. Returns false at the end, or if the query's deadline has passed. */
bool index_groups_next(struct index_groups *groups, struct index_step *step);

#endif
