/* sort_keys: sorts the texts of an index while it is built, in bounded memory. */
#ifndef INDEX_SORT_KEYS_H
#define INDEX_SORT_KEYS_H

#include <stdint.h>

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"

enum { SORT_KEYS_RUN = 1 << 18 }; /* keys sorted at once: 4 MB */

/* Stands for a text. Its beginning usually decides, without a look at the text. */
struct sort_key {
    uint64_t beginning; /* the first 8 bytes as a number that sorts like them; a shorter text ends with zeros */
    uint32_t number;
};

/* Returns the key of a text. */
struct sort_key sort_key_of(struct text text, uint32_t number);

/* Compares two texts with the same beginning by their numbers, as qsort_r does. */
typedef int sort_compare(uint32_t a, uint32_t b, const void *context);

/*
 * Sorts keys, an array of struct sort_key. Uses 4 MB of memory, and a second spill in folder for more than
 * SORT_KEYS_RUN keys. ERR_UNAVAILABLE: the disk is full.
 */
enum err_code sort_keys(struct spill *keys, sort_compare *compare, const void *context, const char *folder,
                        struct err *err);

/* Stands for no number. */
#define SORT_KEYS_NONE UINT32_MAX

/*
 * Replaces each number in numbers, an array of uint32_t, by the position of its key, except SORT_KEYS_NONE. There is
 * one key for each number from 0. ERR_UNAVAILABLE: the disk is full.
 */
enum err_code sort_keys_renumber(const struct spill *keys, struct spill *numbers, const char *folder, struct err *err);

#endif
