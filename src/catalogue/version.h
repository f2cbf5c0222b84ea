/*
 * version: which state of the table something was made from. Each write makes the next number; a new epoch begins when
 * the numbers can no longer be trusted to tell states apart, for instance after a backup was restored.
 */
#ifndef CATALOGUE_VERSION_H
#define CATALOGUE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

struct version {
    uint64_t epoch;  /* microseconds since 1970 when it began, so that a later one is greater */
    uint64_t number; /* from 0 on, without gaps */
};

/* Returns less than, equal to or greater than 0 as a is older than, the same as or newer than b. */
static inline int version_compare(struct version a, struct version b)
{
    if (a.epoch != b.epoch)
        return a.epoch < b.epoch ? -1 : 1;
    return a.number == b.number ? 0 : a.number < b.number ? -1 : 1;
}

static inline bool version_equal(struct version a, struct version b)
{
    return version_compare(a, b) == 0;
}

/* Whether it is the version of a table: no table is at all zeros, which stands for a version that is not known. */
static inline bool version_is_known(struct version version)
{
    return version.epoch != 0;
}

/*
 * The text of a version, the same in headers, ETags, JSON, names of folders and messages: "EPOCH-NUMBER". Read it as
 * version_text(version).string, which is good until the end of the statement.
 */
struct version_text {
    char string[48];
};
struct version_text version_text(struct version version);

#endif
