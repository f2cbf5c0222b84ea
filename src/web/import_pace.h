/*
 * import_pace: what keeps an import in a worker from slowing down the site. It writes small batches and rests after
 * each one, so that the other workers, MySQL and Redis serve readers, and page files are in use in between. It ends at
 * its limits, and when its client has left; a batch that has begun is always finished.
 */
#ifndef WEB_IMPORT_PACE_H
#define WEB_IMPORT_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "files/import.h"
#include "web/request.h"

/* Books of a batch. Redis is held for some 80 us for each of them. */
enum { IMPORT_PACE_BATCH = 100 };

/* Why an import is to end before its file does. */
enum import_stop {
    IMPORT_GOES_ON,
    IMPORT_FULL, /* LIMIT_IMPORT_BOOKS were written */
    IMPORT_LATE, /* LIMIT_IMPORT_S are over */
    IMPORT_LEFT  /* its client has left */
};

/* An import under way. */
struct import_pace {
    const struct config *config;
    const struct request *request;
    uint64_t size;       /* bytes of the upload */
    int64_t started;     /* clock_us() */
    int64_t batch_began; /* clock_us() of the batch under way, or of the last one */
};

/* How far the import of this host is, as all workers see it. */
struct import_progress {
    uint64_t read, size; /* bytes of the upload */
    uint64_t books;      /* read so far, bad lines included */
};

/* Begins: request_begin_body() was asked. config and request have to outlive pace. */
struct import_pace import_pace_begin(const struct config *config, const struct request *request);

/*
 * Says whether the import is to end now (clock_us()), before another batch or piece. written: books added and replaced
 * so far.
 */
enum import_stop import_pace_judge(const struct import_pace *pace, int64_t now, uint64_t written);

/* Notes that a batch begins. */
void import_pace_work(struct import_pace *pace);

/*
 * Rests after a batch, for as long as it took (1 to 250 ms); shorter if the client leaves meanwhile. Notes the
 * progress.
 */
void import_pace_rest(struct import_pace *pace, const struct import_counts *counts);

/* Finds out how far the import under way is. Returns false if there is none. */
bool import_pace_progress(const struct config *config, struct import_progress *progress);

/* Takes the right to import, which LIMIT_IMPORTS workers of a host have at a time: slots_take() (base/slots.h). */
enum err_code import_pace_take(const struct config *config, int *slot, struct err *err);

#endif
