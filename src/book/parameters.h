/* parameters: names and values, from the query string of a URL or from the body of a form. */
#ifndef BOOK_PARAMETERS_H
#define BOOK_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/text.h"

struct parameter {
    struct text name, value; /* decoded; may contain any bytes */
};

struct parameters {
    struct parameter *all;
    size_t count;
};

/* Parses name=value&name=value into arena. Returns false if there are more than LIMIT_PARAMETERS. */
bool parameters_read(struct parameters *parameters, struct text text, struct arena *arena);

/* Returns the value of the last parameter called name, the empty text if there is none. */
struct text parameters_get(const struct parameters *parameters, const char *name);

/* Finds the next parameter called name. *place starts at 0 and is moved behind it. Returns false if there is none. */
bool parameters_next(const struct parameters *parameters, const char *name, size_t *place, struct text *value);

/* Returns whether there is a parameter called name, even an empty one. */
bool parameters_has(const struct parameters *parameters, const char *name);

/*
 * Returns a sentence, in arena, about a name that several parameters have; NULL if there is none. Looks only at names
 * for which counts() returns true.
 */
const char *parameters_repeated(const struct parameters *parameters, bool (*counts)(struct text name),
                                struct arena *arena);

/* Returns whether the parameter called name is 0 or 1, or absent. */
bool parameters_is_flag(const struct parameters *parameters, const char *name);

#endif
