/*
 * rank: how well a book that is found matches the search. Without another order, a search shows the best match first,
 * ties by ID.
 */
#ifndef BOOK_RANK_H
#define BOOK_RANK_H

#include <stdbool.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/match.h"

/* From the best to the worst. With several words, that of the word with the worst. */
enum rank {
    RANK_WHOLE,  /* the title is what was searched for, or the ID is */
    RANK_START,  /* the title begins with it */
    RANK_WORD,   /* it begins a word of the title */
    RANK_TITLE,  /* it is elsewhere in the title */
    RANK_FIELDS, /* it is in the first field of rank_fields, the next rank: in the second, and so on */
    RANK_ELSEWHERE = RANK_FIELDS + 3,
    RANKS
};

extern const enum book_field rank_fields[RANK_ELSEWHERE - RANK_FIELDS];

/* What a query ranks by. The clauses that exclude, or name another field than the title, do not count. */
struct ranking {
    const struct match *match;
    bool counts[LIMIT_SEARCH_WORDS]; /* of each clause */
    bool is_any;                     /* at least one counts */
    struct text title;               /* their texts in a row, as fold_sort_key() of a title; empty: none */
};

/* Initialises *ranking, which refers to match and lives as long as arena. */
void ranking_init(struct ranking *ranking, const struct match *match, struct arena *arena);

/* Returns the rank of a book that satisfies the query. folded: its folded fields. */
enum rank ranking_of(const struct ranking *ranking, const struct book *book, const struct text folded[BOOK_FIELDS]);

/* Returns whether a folded text occurs in another at the start or after a blank. */
bool rank_begins_word(struct text folded, struct text what);

#endif
