/*
 * redis_shape: what a reply of Redis has to look like before anything of it is used. What lies in Redis, and who
 * answers in its place, may be anything; each command says which shape its reply has, and redis.c holds the reply
 * against it.
 */
#ifndef CACHE_REDIS_SHAPE_H
#define CACHE_REDIS_SHAPE_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redis_kind {
    REDIS_IS_STATUS,  /* "OK", "QUEUED" */
    REDIS_IS_INTEGER, /* from least to most, neither of them negative */
    REDIS_IS_TEXT,    /* any bytes, least to most of them */
    REDIS_IS_WORD,    /* the same, of visible ASCII characters alone */
    REDIS_IS_NUMBER,  /* a text that is a whole number of at most 18 digits */
    REDIS_IS_ARRAY    /* least to most elements */
};

struct redis_shape {
    enum redis_kind kind;
    bool may_be_nil;
    uint64_t least, most;
    const struct redis_shape *each;   /* of an array: the shape of every element; or */
    const struct redis_shape *fields; /* most shapes, one for each element in its place */
};

/* Of what has to succeed and says no more than that: SET, SELECT; of what counts: RPUSH, UNLINK. */
extern const struct redis_shape redis_shape_status, redis_shape_count;

/* Whether reply, and all that it holds, has this shape. */
bool redis_shape_fits(const struct redis_shape *shape, const redisReply *reply);

#endif
