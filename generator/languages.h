/* How each language names people, books and publishers: the patterns that invent.c fills with words.
 *
 * In a pattern, these stand for a word of the language, drawn anew each time:
 *
 *     %n noun   %a adjective   %p place   %t title of a real book   %N a person's whole name
 *     %g given name   %f family name   (of one sex throughout a pattern)
 *     %i initial of a given name, with its full stop   %d number from 2 to 9   %y year
 *
 * Words are never inflected. So patterns of languages with cases put them where the nominative belongs.
 */

#ifndef GENERATOR_LANGUAGES_H
#define GENERATOR_LANGUAGES_H

#include "generator/words.h"

struct language {
    const struct lexicon *words;
    unsigned share;          /* of the books, in parts of LANGUAGES_SHARE */
    const char *name;        /* a whole name, %N */
    struct words rare_names; /* forms that one in eight authors has; may be empty */
    const char *comma;       /* between authors */
    const char *and;         /* before the last author */
    struct words titles[BOOK_KINDS];
    struct words publishers; /* patterns for houses beyond those that faker lists */
};

extern const struct language languages[];
extern const size_t languages_count;

enum { LANGUAGES_SHARE = 100 }; /* the sum of all shares */

#endif
