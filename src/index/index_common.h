/*
 * index_common: the rows of a column that contain a common letter or pair of letters. A search being typed starts with
 * one or two letters, which many words contain: their rows take long to gather. So the index has a set of rows
 * (base/bits.h) for each letter or digit a to z and 0 to 9, and each pair of them, that more than one row in
 * COMMON_SHARE of the column contains. index_common_build.c makes them.
 */
#ifndef INDEX_INDEX_COMMON_H
#define INDEX_INDEX_COMMON_H

#include <stdint.h>

#include "base/text.h"

/* A gram is a letter or a pair of letters. They are numbered: first the letters, then the pairs. */
enum { COMMON_LETTERS = 26 + 10, COMMON_GRAMS = COMMON_LETTERS + COMMON_LETTERS * COMMON_LETTERS, COMMON_SHARE = 16 };

/* All pointers are into the mapped file. */
struct index_common {
    uint32_t count;
    const uint32_t *numbers; /* of the grams that have a set, rising */
    const uint64_t *rows;    /* their sets */
};

/* Returns the set of rows that contain a folded text, or NULL if there is none. rows: the number of rows. */
const uint64_t *index_common_rows(const struct index_common *common, struct text folded, uint32_t rows);

/* Return the number of a letter or digit, and of a pair of them by their numbers; -1: it has none. */
int common_letter(char c);
int common_pair(int first, int second);

#endif
