/* hash: the one hash function, XXH3 with 64 bits: for checksums, entity tags, names and tables; not against an
 * attacker. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

/* Returns the hash of bytes; before: that of the bytes that precede them, or 0. */
static inline uint64_t hash_bytes(uint64_t before, const void *bytes, size_t len)
{
    return XXH3_64bits_withSeed(bytes, len, before);
}

#endif
