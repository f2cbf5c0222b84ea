/*
 * import_pace: keeps an import in a worker from slowing down the site. The import writes small batches and rests after
 * each, so that in between the other workers, MySQL and Redis serve readers, and page files are in use. It ends at its
 * limits and when its client disconnects, but always finishes a batch.
 */
#ifndef WEB_IMPORT_PACE_H
#define WEB_IMPORT_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "files/import.h"
#include "web/request.h"

/* Books per batch. Each holds Redis for about 80 us. */
enum { IMPORT_PACE_BATCH = 100 };

/* Why an import must end before its file does. */
enum import_stop {
    IMPORT_GOES_ON,
    IMPORT_FULL, /* LIMIT_IMPORT_BOOKS reached */
    IMPORT_LATE, /* LIMIT_IMPORT_S reached */
    IMPORT_LEFT  /* its client has disconnected */
};

/* A running import. */
struct import_pace {
    const struct config *config;
    const struct request *request;
    uint64_t size;       /* bytes of the upload */
    int64_t started;     /* clock_us() */
    int64_t batch_began; /* clock_us() of the start of the latest batch */
};

/* The progress of this host's import, visible to all workers. */
struct import_progress {
    uint64_t read, size; /* bytes of the upload */
    uint64_t books;      /* read so far, bad lines included */
};

/* Starts, after request_begin_body(). config and request must outlive pace. */
struct import_pace import_pace_begin(const struct config *config, const struct request *request);

/*
 * Returns whether the import must end at now (clock_us()), before the next batch or piece. written: books added and
 * replaced so far.
 */
enum import_stop import_pace_judge(const struct import_pace *pace, int64_t now, uint64_t written);

/* Records the start of a batch. */
void import_pace_work(struct import_pace *pace);

/* Rests after a batch for as long as it took (1 to 250 ms), less if the client disconnects. Stores the progress. */
void import_pace_rest(struct import_pace *pace, const struct import_counts *counts);

/* Gets the progress of the running import. Returns false if there is none. */
bool import_pace_progress(const struct config *config, struct import_progress *progress);

/* Takes one of the LIMIT_IMPORTS slots for imports on this host: slots_take() (base/slots.h). */
enum err_code import_pace_take(const struct config *config, int *slot, struct err *err);

#endif
