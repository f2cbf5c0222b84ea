/* index_near: words that are spelled nearly like one that was typed. */
#ifndef INDEX_INDEX_NEAR_H
#define INDEX_INDEX_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"
#include "index/index_words.h"

enum {
    NEAR_MOST = 3,    /* near words that are kept */
    NEAR_LONGEST = 32 /* characters of a word that has near ones */
};

struct near_word {
    struct text word;  /* folded; it lives where it was found */
    unsigned distance; /* characters inserted, left out or replaced, and neighbours swapped; at least 1 */
    uint64_t values;   /* that have it */
};

/* The characters of a word, and where each begins. */
struct near_letters {
    int32_t at[NEAR_LONGEST];
    size_t starts[NEAR_LONGEST + 1], count;
};

/* A folded word and the nearest to it that were found so far: the nearest first, ties by the number of values. */
struct near {
    struct text folded;
    struct near_letters letters;
    unsigned farthest; /* distance; 0: the word has no near ones */
    struct near_word all[NEAR_MOST];
    size_t count;
};

/*
 * Begins with a folded word without blanks. Near are words at a distance of 1 for up to 4 characters, 2 for up to 7,
 * else 3. Words with fewer than 3 characters, or with signs in them, have no near ones and are near to none.
 */
void near_begin(struct near *near, struct text folded);

/* Keeps a folded word, which this many values have, if it is among the nearest. */
void near_consider(struct near *near, struct text word, uint64_t values);

/*
 * Considers the words of a column that share some groups of characters with the word. Takes temporary memory from
 * arena, a few bytes for each word of the column.
 */
void near_look_up(struct near *near, const struct index_words *words, struct arena *arena);

#endif
