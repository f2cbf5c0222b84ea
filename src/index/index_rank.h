/* index_rank: the rows of the index that a search has found, rank by rank (book/rank.h). */
#ifndef INDEX_INDEX_RANK_H
#define INDEX_INDEX_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "book/rank.h"
#include "index/index_parts.h"

/* A row and its rank. */
struct ranked_row {
    uint32_t row;
    enum rank rank;
};

struct index_ranks {
    const struct found *found;
    struct ranking ranking;
    enum rank rank;                          /* the current one */
    struct row_set rows;                     /* the rows found that have it */
    uint32_t count;                          /* of these rows */
    struct row_set ahead;                    /* the rows found whose rank comes later, unless they are few */
    struct row_set with[LIMIT_SEARCH_WORDS]; /* for each clause, the rows that have it in the fields up to this rank */
    struct ranked_row *few;                  /* all rows found, if they are few: they were looked at one by one */
    size_t few_count;
};

/* Starts at the best rank. The result lives in the arena of found. */
struct index_ranks *index_ranks_new(const struct found *found);

/*
 * Moves to the next rank. Returns false after the last. Among many rows each rank takes about as long as a search for
 * the same words in one field, so later ones are better left alone when the earlier have enough.
 */
bool index_ranks_next(struct index_ranks *ranks);

#endif
