/* Writes books as text that a MySQL or MariaDB server takes in. */

#ifndef GENERATOR_OUTPUT_H
#define GENERATOR_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "generator/invent.h"

struct output {
    FILE *stream;
    size_t statement; /* bytes of the INSERT that is being written; 0 between two */
};

/* A format. Each function returns false, with errno set, if it could not write. */
struct format {
    const char *name;
    bool (*begin)(struct output *output, uint64_t rows, uint64_t seed);
    bool (*row)(struct output *output, const struct book *book);
    bool (*end)(struct output *output);
};

/* sql: a file that makes the database music_share and its table anew; `mysql < FILE` imports it, twice if need be.
 * tsv: one line a book, as LOAD DATA reads it by default. */
extern const struct format formats[];
extern const size_t formats_count;

#endif
