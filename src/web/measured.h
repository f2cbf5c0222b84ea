/*
 * measured: the last result of /timings, which all workers of this host show, and the slot for the next measurement:
 * only one runs at a time.
 *
 * The result is in shared memory (base/kept.h), the slot is of base/slots.h.
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

/* Takes the slot. ERR_BUSY: another worker is measuring. After ERR_OK release it with measured_end(). */
enum err_code measured_begin(const struct config *config, int *slot, struct err *err);

/* Stores the result and releases the slot. */
void measured_end(const struct config *config, int slot, const struct measured *result);

/* Gets the last result. Returns false if there is none. */
bool measured_last(const struct config *config, struct measured *result);

#endif
