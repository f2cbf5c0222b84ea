/*
 * index_words: finds the values of a column that contain a text, at a cost that follows what is found.
 * index_words_build.c makes the parts of the file that it reads:
 *
 * - words, word_starts: the distinct words of the folded values, each followed by INDEX_END, sorted bytewise with it. A
 *   word is what is between blanks. Its position is its number.
 * - word_firsts, word_values: the values with each word: those of word w from word_firsts[w] to before
 *   word_firsts[w + 1], in rising order.
 * - suffixes: where each suffix of each word begins in words, sorted bytewise by the suffix: all words that contain a
 *   text are a range of it. Suffixes begin with a character, not within one.
 * - suffix_words: the word of each suffix.
 */
#ifndef INDEX_INDEX_WORDS_H
#define INDEX_INDEX_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

/* All pointers are into the mapped file. */
struct index_words {
    uint32_t count, suffix_count;
    const char *words;
    const uint32_t *word_starts, *word_firsts, *word_values, *suffixes, *suffix_words;
};

/* Words of a column, one of which is in each value that contains a text. */
struct words_found {
    uint32_t *words; /* in rising order */
    size_t count;
    uint64_t values;   /* with these words; a value with several of them counts several times */
    bool is_candidate; /* a value with one of the words may still not contain the text */
};

/*
 * Finds the words for a folded text, which is not empty; at_start: only for values where it is at the start of a word.
 * Returns false if the words cannot tell, since it consists of blanks. The result lives in arena.
 */
bool index_words_find(const struct index_words *words, struct text text, bool at_start, struct arena *arena,
                      struct words_found *found);

/* A piece of a word, without blanks, that is not empty; it may have to be at its start, or at its end. */
struct words_piece {
    struct text text;
    bool is_start, is_end;
};

/* Finds the words with a piece, each once; none if it occurs more than `most` times. The result lives in arena. */
struct words_found index_words_with(const struct index_words *words, struct words_piece piece, uint32_t most,
                                    struct arena *arena);

/* Returns a word. */
struct text index_word(const struct index_words *words, uint32_t word);

/* The values that contain a word, in rising order. */
struct values {
    const uint32_t *values;
    uint32_t count;
};

struct values index_words_values(const struct index_words *words, uint32_t word);

#endif
