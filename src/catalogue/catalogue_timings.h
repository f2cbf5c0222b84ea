/* catalogue_timings: how long it takes to fetch books, each way there is; for the page that shows it. */
#ifndef CATALOGUE_CATALOGUE_TIMINGS_H
#define CATALOGUE_CATALOGUE_TIMINGS_H

#include <stddef.h>
#include <stdint.h>

struct catalogue;

enum timing_way {
    TIMING_TABLE_MYSQL, /* the whole table, streamed book by book */
    TIMING_TABLE_REDIS, /* the whole list, segment by segment */
    TIMING_PAGE_MYSQL,  /* a page in the middle */
    TIMING_PAGE_REDIS,  /* the same page */
    TIMING_PAGE_FILE,   /* a page that is finished, from its file */
    TIMING_WAYS
};

enum timing_outcome {
    TIMING_NONE,    /* was not tried */
    TIMING_DONE,    /* seconds and books are valid */
    TIMING_AWAY,    /* the server does not answer */
    TIMING_ABSENT,  /* what should be read is not there: no list in Redis, no file */
    TIMING_CHANGED, /* the list changed each time while it was read */
    TIMING_CUT      /* given up after LIMIT_TIMING_S; books: read until then */
};

struct timing {
    enum timing_outcome outcome;
    uint64_t books;
    double seconds; /* of a page: the fastest of some tries */
};

struct catalogue_timings {
    struct timing ways[TIMING_WAYS];
    uint64_t page; /* number of the page that was read from MySQL and Redis, from 1 on */
};

/*
 * Measures all ways but TIMING_PAGE_FILE, which is left at TIMING_NONE. Needs the memory of one segment, and takes
 * twice LIMIT_TIMING_S at most, if the servers keep to their time-outs. Redis is asked for one segment at a time, so
 * that others wait for it no longer than usual.
 */
void catalogue_measure(struct catalogue *catalogue, size_t page_rows, struct catalogue_timings *timings);

#endif
