/*
 * redis_shape: checks replies from Redis before they are used. The keys, or even the server, may be anything; so each
 * command declares the shape of its reply, and redis.c checks it.
 */
#ifndef CACHE_REDIS_SHAPE_H
#define CACHE_REDIS_SHAPE_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redis_kind {
    REDIS_IS_STATUS,  /* "OK", "QUEUED" */
    REDIS_IS_INTEGER, /* from least to most, both not negative */
    REDIS_IS_TEXT,    /* least to most bytes of any kind */
    REDIS_IS_WORD,    /* the same, only visible ASCII characters */
    REDIS_IS_NUMBER,  /* a text with an integer of at most 18 digits */
    REDIS_IS_ARRAY    /* least to most elements */
};

struct redis_shape {
    enum redis_kind kind;
    bool may_be_nil;
    uint64_t least, most;
    const struct redis_shape *each;   /* of an array: the shape of all elements; or */
    const struct redis_shape *fields; /* most shapes, one for each element */
};

/* The shapes of commands that reply OK (SET, SELECT) and of those that reply with a count (RPUSH, UNLINK). */
extern const struct redis_shape redis_shape_status, redis_shape_count;

/* Returns whether a reply and its elements have this shape. */
bool redis_shape_fits(const struct redis_shape *shape, const redisReply *reply);

#endif
