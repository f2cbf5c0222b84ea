/*
 * version: which state of the table something was made from. Each write makes the next number; a new epoch begins when
 * the numbers can no longer be trusted to tell states apart, for instance after edits past the application. The token
 * is that of the write, a random number: where a table was set back and written to again, the same numbers come again,
 * but not the same tokens.
 */
#ifndef BOOK_VERSION_H
#define BOOK_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct version {
    uint64_t epoch;  /* microseconds since 1970 when it began, so that a later one is greater */
    uint64_t number; /* from 0 on, without gaps */
    uint64_t token;  /* of the change that made the number, below 2^VERSION_TOKEN_BITS; 0: there was none yet */
};

enum { VERSION_TOKEN_BITS = 59 }; /* what text_number() reads */

/* Returns a version. All of them are made by this function, since a guard may take tokens out (base/guard.h). */
struct version version_of(uint64_t epoch, uint64_t number, uint64_t token);

/* The same from three numbers that were read as texts: epoch, number, token. */
struct version version_read(const struct text *columns);

/* Whether a comes before b: an earlier epoch, or a lower number in the same one. */
static inline bool version_is_before(struct version a, struct version b)
{
    return a.epoch != b.epoch ? a.epoch < b.epoch : a.number < b.number;
}

/* Whether both are the same state of the same table. */
static inline bool version_equal(struct version a, struct version b)
{
    return a.epoch == b.epoch && a.number == b.number && a.token == b.token;
}

/*
 * Whether a is b or comes after it. Of two that have the same number and other tokens neither covers the other. That a
 * later one has all that b has is certain only if both are of one table that was not set back between: store_changes()
 * knows.
 */
static inline bool version_covers(struct version a, struct version b)
{
    return version_is_before(b, a) || version_equal(a, b);
}

/* Whether it is the version of a table: no table is at all zeros, which stands for a version that is not known. */
static inline bool version_is_known(struct version version)
{
    return version.epoch != 0;
}

/*
 * The text of a version, the same in headers, ETags, JSON, names of folders and messages: "EPOCH-NUMBER-TOKEN", the
 * token as 15 hexadecimal digits. Read it as version_text(version).string, which is good until the end of the
 * statement.
 */
struct version_text {
    char string[64];
};
struct version_text version_text(struct version version);

#endif
