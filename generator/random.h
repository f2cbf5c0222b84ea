/*
 * Random numbers that are the same on every machine: SplitMix64, by Sebastiano Vigna (public domain,
 * https://prng.di.unimi.it/splitmix64.c). Good enough for word lists, and tiny.
 */

#ifndef GENERATOR_RANDOM_H
#define GENERATOR_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* starts as the seed */
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Returns a number from 0 to bound - 1, uniformly distributed. bound is from 1 to 2^32. */
static inline size_t random_below(struct random *random, size_t bound)
{
    return (size_t)(((random_next(random) >> 32) * bound) >> 32);
}

/*
 * Returns a number from 0 to bound - 1, favouring low ones: 0 has the probability 1 / sqrt(bound). bound is from 1 to
 * 2^32. So a few publishers have many books.
 */
static inline size_t random_low(struct random *random, size_t bound)
{
    uint64_t x = random_next(random) >> 32;

    return (size_t)((((x * x) >> 32) * bound) >> 32);
}

#endif
