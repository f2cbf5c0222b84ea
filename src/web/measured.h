/*
 * measured: the last result of /timings, which all workers of this host show, and the right to make the next one, which
 * one of them has at a time.
 *
 * The result lies in shared memory (base/kept.h), the right is a slot (base/slots.h).
 */
#ifndef WEB_MEASURED_H
#define WEB_MEASURED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "catalogue/catalogue_timings.h"

struct measured {
    int64_t at; /* seconds since 1970 */
    struct catalogue_timings timings;
};

/* Takes the right to measure. ERR_BUSY: another worker has it now. On ERR_OK give it back with measured_end(). */
enum err_code measured_begin(const struct config *config, int *slot, struct err *err);

/* Keeps the result, and gives the right back. */
void measured_end(const struct config *config, int slot, const struct measured *result);

/* Finds the last result. Returns false if there is none. */
bool measured_last(const struct config *config, struct measured *result);

#endif
