/*
 * The patterns by which each language names people, books and publishers. invent.c replaces their placeholders by
 * words.
 *
 * Each placeholder is replaced by a random word of the language:
 *
 *     %n noun   %a adjective   %p place   %t title of a real book   %N a person's whole name
 *     %g given name   %f family name   (of one sex throughout a pattern)
 *     %i initial of a given name, with its full stop   %d number from 2 to 9   %y year
 *
 * Words are never inflected, so patterns of languages with cases use them only in the nominative.
 */

#ifndef GENERATOR_LANGUAGES_H
#define GENERATOR_LANGUAGES_H

#include "generator/words.h"

struct language {
    const struct lexicon *words;
    unsigned share;          /* share of the books, in units of 1/LANGUAGES_SHARE */
    const char *name;        /* a whole name, %N */
    struct words rare_names; /* forms for one in eight authors; may be empty */
    const char *comma;       /* separator of authors */
    const char *and;         /* separator before the last author */
    struct words titles[BOOK_KINDS];
    struct words publishers; /* patterns for publishers beyond those of faker */
};

extern const struct language languages[];
extern const size_t languages_count;

enum { LANGUAGES_SHARE = 100 }; /* the sum of all shares */

#endif
