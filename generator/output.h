/* Writes books as text that MySQL and MariaDB can import. */

#ifndef GENERATOR_OUTPUT_H
#define GENERATOR_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "generator/invent.h"

struct output {
    FILE *stream;
    size_t statement; /* bytes of the current INSERT; 0 between two */
};

/* A format. Each function returns false with errno set if a write fails. */
struct format {
    const char *name;
    bool (*begin)(struct output *output, uint64_t rows, uint64_t seed);
    bool (*row)(struct output *output, const struct book *book);
    bool (*end)(struct output *output);
};

/*
 * sql: a file for `mysql < FILE` that creates the database music_share and replaces its table; importing it twice is
 * fine. tsv: one line per book, in the default format of LOAD DATA.
 */
extern const struct format formats[];
extern const size_t formats_count;

#endif
