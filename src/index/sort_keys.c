#include "index/sort_keys.h"

#include <stdlib.h>
#include <string.h>

enum { BEGINNING = sizeof(uint64_t), RUN = SORT_KEYS_RUN };

struct order {
    sort_compare *compare;
    const void *context;
};

struct sort_key sort_key_of(struct text text, uint32_t number)
{
    unsigned char bytes[BEGINNING] = {0};
    struct sort_key key = {0, number};

    if (text.len > 0)
        memcpy(bytes, text.at, text.len < BEGINNING ? text.len : BEGINNING);
    for (int i = 0; i < BEGINNING; i++)
        key.beginning = key.beginning << 8 | bytes[i];
    return key;
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const struct sort_key *left = a, *right = b;
    const struct order *order = context;

    if (left->beginning != right->beginning)
        return left->beginning < right->beginning ? -1 : 1;
    return order->compare(left->number, right->number, order->context);
}

/* Merges two sorted ranges of keys, from `from` to `middle` and from there to `to`, into the same place of out. */
static void merge(const struct sort_key *keys, size_t from, size_t middle, size_t to, struct order *order,
                  struct sort_key *out)
{
    size_t left = from, right = middle;

    for (size_t i = from; i < to; i++) {
        const bool is_left = right == to || (left < middle && compare_keys(&keys[left], &keys[right], order) <= 0);

        out[i] = keys[is_left ? left++ : right++];
    }
}

/* Merges sorted runs of a length into runs of twice the length. */
static void merge_runs(const struct sort_key *keys, size_t count, size_t run, struct order *order, struct sort_key *out)
{
    for (size_t from = 0; from < count; from += 2 * run) {
        const size_t middle = count - from < run ? count : from + run;

        merge(keys, from, middle, count - middle < run ? count : middle + run, order, out);
    }
}

enum err_code sort_keys(struct spill *keys, sort_compare *compare, const void *context, const char *folder,
                        struct err *err)
{
    const size_t count = keys->len / sizeof(struct sort_key);
    struct sort_key *at = (void *)keys->at;
    struct order order = {compare, context};
    struct spill other;
    enum err_code code;

    for (size_t from = 0; from < count; from += RUN)
        qsort_r(at + from, count - from < RUN ? count - from : RUN, sizeof *at, compare_keys, &order);
    if (count <= RUN)
        return ERR_OK;
    code = spill_open_zeros(&other, folder, keys->len, err);
    for (size_t run = RUN; code == ERR_OK && run < count; run *= 2) {
        const struct spill merged = other;

        merge_runs((const void *)keys->at, count, run, &order, (void *)other.at);
        other = *keys;
        *keys = merged;
    }
    spill_close(&other);
    return code;
}

enum err_code sort_keys_renumber(const struct spill *keys, struct spill *numbers, const char *folder, struct err *err)
{
    const struct sort_key *key = (const void *)keys->at;
    const size_t count = keys->len / sizeof *key, length = numbers->len / sizeof(uint32_t);
    uint32_t *number = (void *)numbers->at, *positions;
    struct spill room;
    const enum err_code code = spill_open_zeros(&room, folder, count * sizeof *positions, err);

    if (code != ERR_OK)
        return code;
    positions = (void *)room.at;
    for (size_t i = 0; i < count; i++)
        positions[key[i].number] = (uint32_t)i;
    for (size_t i = 0; i < length; i++)
        if (number[i] != SORT_KEYS_NONE)
            number[i] = positions[number[i]];
    spill_close(&room);
    return ERR_OK;
}
