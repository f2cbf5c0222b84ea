/*
 * version: identifies a state of the table. Each write makes the next number. A new epoch starts when numbers no longer
 * identify states, for instance after edits that bypass the application. The token is a random number for each write:
 * after restoring a backup the same numbers occur again, but with different tokens.
 */
#ifndef BOOK_VERSION_H
#define BOOK_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct version {
    uint64_t epoch;  /* microseconds since 1970 at its start, so that a later one is greater */
    uint64_t number; /* from 0, without gaps */
    uint64_t token;  /* of the change that made the number, below 2^VERSION_TOKEN_BITS; 0: none yet */
};

enum { VERSION_TOKEN_BITS = 59 }; /* the maximum for text_number() */

/* Returns a version. Always use this function, since a guard may remove tokens (base/guard.h). */
struct version version_of(uint64_t epoch, uint64_t number, uint64_t token);

/* The same from three texts: epoch, number, token. */
struct version version_read(const struct text *columns);

/* Returns whether a is before b: an earlier epoch, or a lower number in the same one. */
static inline bool version_is_before(struct version a, struct version b)
{
    return a.epoch != b.epoch ? a.epoch < b.epoch : a.number < b.number;
}

/* Returns whether both are the same state of the same table. */
static inline bool version_equal(struct version a, struct version b)
{
    return a.epoch == b.epoch && a.number == b.number && a.token == b.token;
}

/*
 * Returns whether a is b or after it. Of two with the same number and different tokens, neither covers the other. A
 * later one certainly includes b only if the table was not restored from a backup in between: store_changes() knows.
 */
static inline bool version_covers(struct version a, struct version b)
{
    return version_is_before(b, a) || version_equal(a, b);
}

/* Returns whether a version is known; all zeros means unknown. */
static inline bool version_is_known(struct version version)
{
    return version.epoch != 0;
}

/*
 * Formats a version as "EPOCH-NUMBER-TOKEN", with 15 hexadecimal digits for the token: the same text in headers, ETags,
 * JSON, folder names and messages. Use version_text(version).string, which is valid until the end of the statement.
 */
struct version_text {
    char string[64];
};
struct version_text version_text(struct version version);

/* Appends {"version": "EPOCH-NUMBER-TOKEN"}: all that a page needs to notice changes. */
void version_json(struct version version, struct buf *out);

#endif
