#include "base/similar.h"

#include <string.h>

enum { LONGEST = 64 /* characters of a name that can be compared */ };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the Levenshtein distance. Both have at most LONGEST characters. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    const size_t len = strlen(b);

    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < len; j++) {
            const size_t replaced = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[len];
}

const char *similar_name(const char *typed, const char *const *names, size_t count)
{
    const char *found = NULL;
    size_t best = strlen(typed) / 3 + 1;

    if (strlen(typed) > LONGEST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t far = strlen(names[i]) <= LONGEST ? distance(typed, names[i]) : best;

        if (far >= best)
            continue;
        best = far;
        found = names[i];
    }
    return found;
}
