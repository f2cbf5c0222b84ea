/* bits: sets of small numbers, one bit each, in arrays of 64-bit words. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* Returns how many words a set of numbers below count needs. */
static inline size_t bits_words(uint32_t count)
{
    return ((size_t)count + 63) / 64;
}

/* Allocates an empty set of numbers below count in arena. */
static inline uint64_t *bits_new(struct arena *arena, uint32_t count)
{
    const size_t words = bits_words(count);
    uint64_t *bits = arena_alloc(arena, words * sizeof *bits);

    memset(bits, 0, words * sizeof *bits);
    return bits;
}

/* Makes a set the one of all numbers below count. */
static inline void bits_fill(uint64_t *bits, uint32_t count)
{
    const size_t words = bits_words(count);

    memset(bits, 0xFF, words * sizeof *bits);
    if (count % 64 != 0)
        bits[words - 1] = (UINT64_C(1) << count % 64) - 1;
}

static inline void bits_set(uint64_t *bits, uint32_t number)
{
    bits[number / 64] |= UINT64_C(1) << number % 64;
}

static inline void bits_unset(uint64_t *bits, uint32_t number)
{
    bits[number / 64] &= ~(UINT64_C(1) << number % 64);
}

static inline bool bits_has(const uint64_t *bits, uint32_t number)
{
    return (bits[number / 64] >> number % 64 & 1) != 0;
}

/* Union, intersection and difference: bits |= other, bits &= other, bits &= ~other. */
static inline void bits_add(uint64_t *bits, const uint64_t *other, size_t words)
{
    for (size_t i = 0; i < words; i++)
        bits[i] |= other[i];
}

static inline void bits_keep(uint64_t *bits, const uint64_t *other, size_t words)
{
    for (size_t i = 0; i < words; i++)
        bits[i] &= other[i];
}

static inline void bits_remove(uint64_t *bits, const uint64_t *other, size_t words)
{
    for (size_t i = 0; i < words; i++)
        bits[i] &= ~other[i];
}

/*
 * Returns how many numbers are in a set. Adds the bits of a word in pairs, then fours, eights, and all eights by a
 * multiplication: __builtin_popcountll() is a call into a table, unless the processor is known to have an instruction.
 */
static inline uint64_t bits_count(const uint64_t *bits, size_t words)
{
    uint64_t count = 0;

    for (size_t i = 0; i < words; i++) {
        uint64_t word = bits[i];

        word -= word >> 1 & UINT64_C(0x5555555555555555);
        word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
        word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
        count += word * UINT64_C(0x0101010101010101) >> 56;
    }
    return count;
}

#endif
