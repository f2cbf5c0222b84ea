/*
 * row_set: sets of rows of the index, at a cost that follows what they contain. A set has a bit for each row, in
 * chunks. A chunk that no row was added to is not even cleared: the set notes which chunks are in use. So a hundred of
 * ten million rows are gathered, intersected and counted in microseconds, and most of their memory is never touched.
 *
 * Sets that are combined have room for the same number of rows.
 */
#ifndef INDEX_ROW_SET_H
#define INDEX_ROW_SET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/bits.h"
#include "base/mem.h"

enum { ROW_SET_WORDS = 16, ROW_SET_CHUNK = ROW_SET_WORDS * 64 /* rows of a chunk */ };

struct row_set {
    uint64_t *words;  /* those of a chunk that is not in use are undefined */
    uint64_t *used;   /* a bit for each chunk */
    bool is_all_used; /* all chunks are known to be in use */
    uint32_t rows;    /* the set is of numbers below this one */
};

/* Returns an empty set in arena. */
struct row_set row_set_new(struct arena *arena, uint32_t rows);

/* Make a set empty, full, and equal to another one. */
void row_set_clear(struct row_set *set);
void row_set_fill(struct row_set *set);
void row_set_copy(struct row_set *set, const struct row_set *other);

/* Intersection and difference: the result is in set. */
void row_set_keep(struct row_set *set, const struct row_set *other);
void row_set_exclude(struct row_set *set, const struct row_set *other);

/* Adds those of a plain set (base/bits.h). */
void row_set_add_bits(struct row_set *set, const uint64_t *bits);

/* Returns the number of rows in a set. */
uint32_t row_set_count(const struct row_set *set);

/* Returns the word with the bits of rows 64 * i and on. */
static inline uint64_t row_set_word(const struct row_set *set, size_t i)
{
    return bits_has(set->used, (uint32_t)(i / ROW_SET_WORDS)) ? set->words[i] : 0;
}

/* Puts a chunk in use. */
void row_set_use(struct row_set *set, uint32_t chunk);

/* Prepares for adding about count rows: if they are as many as chunks, puts all in use, which makes adding faster. */
void row_set_expect(struct row_set *set, uint64_t count);

static inline void row_set_add(struct row_set *set, uint32_t row)
{
    if (!bits_has(set->used, row / ROW_SET_CHUNK))
        row_set_use(set, row / ROW_SET_CHUNK);
    bits_set(set->words, row);
}

/* Adds count rows. */
static inline void row_set_add_all(struct row_set *set, const uint32_t *rows, size_t count)
{
    uint64_t *const words = set->words;

    if (set->is_all_used)
        for (size_t i = 0; i < count; i++)
            bits_set(words, rows[i]);
    else
        for (size_t i = 0; i < count; i++)
            row_set_add(set, rows[i]);
}

static inline bool row_set_has(const struct row_set *set, uint32_t row)
{
    return bits_has(set->used, row / ROW_SET_CHUNK) && bits_has(set->words, row);
}

static inline void row_set_remove(struct row_set *set, uint32_t row)
{
    if (bits_has(set->used, row / ROW_SET_CHUNK))
        bits_unset(set->words, row);
}

/* Reads the rows of a set in ascending order. All zeros but the set is the start. */
struct row_set_reader {
    const struct row_set *set;
    uint64_t word; /* the rows of the current word that are not read yet */
    size_t next;   /* the word after it */
    size_t end;    /* of the current chunk, in words */
    size_t chunk;  /* the first chunk not looked at yet */
};

/* Moves to the next chunk in use. Returns false if there is none. */
bool row_set_next_chunk(struct row_set_reader *reader);

/* Reads the next row. Returns false after the last. Rows that are read may be removed from the set meanwhile. */
static inline bool row_set_next(struct row_set_reader *reader, uint32_t *row)
{
    while (reader->word == 0) {
        if (reader->next == reader->end && !row_set_next_chunk(reader))
            return false;
        reader->word = reader->set->words[reader->next++];
    }
    *row = (uint32_t)((reader->next - 1) * 64) + (uint32_t)__builtin_ctzll(reader->word);
    reader->word &= reader->word - 1;
    return true;
}

#endif
