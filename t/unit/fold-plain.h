/* Folding as base/fold.h defines it, done in the plainest way: what fold.c does in fewer steps must be the same. */
#ifndef TEST_FOLD_PLAIN_H
#define TEST_FOLD_PLAIN_H

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/fold_table.h"
#include "base/text.h"

static inline bool plain_is_joint(utf8proc_int32_t c)
{
    return c == '.' || c == '\'' || c == '-';
}

static inline bool plain_is_letter(utf8proc_int32_t c)
{
    return strchr("LN", utf8proc_category_string(c)[0]) != NULL;
}

static inline bool plain_is_jamo(utf8proc_int32_t c)
{
    const utf8proc_property_t *property = utf8proc_get_property(c);

    return property->boundclass == UTF8PROC_BOUNDCLASS_L || property->boundclass == UTF8PROC_BOUNDCLASS_V ||
           property->boundclass == UTF8PROC_BOUNDCLASS_T;
}

/* Returns the characters of UTF-8 text, with a blank on each side; the caller frees them. */
static inline utf8proc_int32_t *plain_characters(struct text text, size_t *count)
{
    utf8proc_int32_t *all = malloc((text.len + 2) * sizeof *all);
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.at;

    *count = 0;
    all[(*count)++] = ' ';
    for (size_t i = 0; i < text.len; ++*count) {
        const utf8proc_ssize_t len = utf8proc_iterate(at + i, (utf8proc_ssize_t)(text.len - i), &all[*count]);

        assert_true(len > 0);
        i += (size_t)len;
    }
    all[(*count)++] = ' ';
    return all;
}

static inline void plain_add(struct buf *out, utf8proc_int32_t c)
{
    utf8proc_uint8_t bytes[4];

    buf_add(out, bytes, (size_t)utf8proc_encode_char(c, bytes));
}

/*
 * Replaces the characters of the table, has utf8proc fold the rest, and removes joints unless they matter. The caller
 * frees the result.
 */
static inline char *fold_plainly(struct text text, bool joints_matter)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                                      UTF8PROC_STRIPMARK | UTF8PROC_LUMP | UTF8PROC_IGNORE;
    struct buf replaced = {0}, joined = {0};
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t len;
    utf8proc_int32_t *all;
    size_t count;

    all = plain_characters(text, &count);
    for (size_t i = 1; i + 1 < count; i++) {
        const char *replacement = fold_table_find((uint32_t)all[i]);

        if (replacement != NULL)
            buf_add_string(&replaced, replacement);
        else
            plain_add(&replaced, all[i]);
    }
    free(all);
    len =
        utf8proc_map((const utf8proc_uint8_t *)buf_string(&replaced), (utf8proc_ssize_t)replaced.len, &folded, options);
    assert_true(len >= 0);
    all = plain_characters((struct text){(const char *)folded, (size_t)len}, &count);
    for (size_t i = 1; i + 1 < count; i++) {
        size_t left = i, right = i;

        while (plain_is_joint(all[left]))
            left--;
        while (plain_is_joint(all[right]))
            right++;
        if (joints_matter || left == right || !(plain_is_letter(all[left]) || plain_is_letter(all[right])) ||
            plain_is_jamo(all[left]) || plain_is_jamo(all[right]))
            plain_add(&joined, all[i]);
    }
    free(all);
    free(folded);
    buf_free(&replaced);
    return joined.at != NULL ? joined.at : strdup("");
}

/* Returns the sort key of a folded text. */
static inline const char *plain_sort_key(const char *folded)
{
    const char *at = folded;
    utf8proc_int32_t c;

    while (*at != '\0') {
        const utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &c);

        if (strchr("PZ", utf8proc_category_string(c)[0]) == NULL)
            return at;
        at += len;
    }
    return folded;
}

/* Compares folded texts in their order. */
static inline int plain_compare(const char *a, const char *b)
{
    const int order = strcmp(plain_sort_key(a), plain_sort_key(b));

    return order != 0 ? order : strcmp(a, b);
}

#endif
