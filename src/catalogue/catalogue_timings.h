/* catalogue_timings: measures how long each way of fetching books takes. */
#ifndef CATALOGUE_CATALOGUE_TIMINGS_H
#define CATALOGUE_CATALOGUE_TIMINGS_H

#include <stddef.h>
#include <stdint.h>

struct catalogue;

enum timing_way {
    TIMING_TABLE_MYSQL, /* the whole table, streamed book by book */
    TIMING_TABLE_REDIS, /* the whole list, segment by segment */
    TIMING_PAGE_MYSQL,  /* a page in the middle */
    TIMING_PAGE_INDEX,  /* the same page */
    TIMING_PAGE_REDIS,  /* the same page */
    TIMING_PAGE_FILE,   /* a page file */
    TIMING_WAYS
};

enum timing_outcome {
    TIMING_NONE,    /* not measured */
    TIMING_DONE,    /* seconds and books are valid */
    TIMING_AWAY,    /* the server does not respond */
    TIMING_ABSENT,  /* there is nothing to read: no list in Redis, no file */
    TIMING_CHANGED, /* the list changed during each attempt */
    TIMING_CUT      /* cancelled after LIMIT_TIMING_S; books: read until then */
};

struct timing {
    enum timing_outcome outcome;
    uint64_t books;
    double seconds; /* of a page: the fastest of several runs */
};

struct catalogue_timings {
    struct timing ways[TIMING_WAYS];
    uint64_t page; /* number of the page read from MySQL, the index and Redis, from 1 */
};

/*
 * Measures all ways except TIMING_PAGE_FILE, which stays TIMING_NONE, as do ways that the settings disable. Needs the
 * memory of one segment and takes at most twice LIMIT_TIMING_S, apart from the servers' timeouts. Reads one segment
 * from Redis at a time, so that others do not wait longer than usual.
 */
void catalogue_measure(struct catalogue *catalogue, size_t page_rows, struct catalogue_timings *timings);

#endif
