/*
 * redis_probe: asks a Redis server that timed out for a sign of life, without waiting for it. A PING is sent on a
 * separate connection, and a later call finds the reply. So a hung server costs no request its whole timeout a second
 * time.
 */
#ifndef CACHE_REDIS_PROBE_H
#define CACHE_REDIS_PROBE_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdint.h>

#include "cache/redis_address.h"

/* All zeros: no probe. */
struct redis_probe {
    redisContext *context; /* the connection on which the PING was sent; NULL: none */
    int64_t begun_at;      /* clock_us() of that */
};

/*
 * Returns whether to connect again: something has come back, or the probe has failed, and a connection attempt will
 * show which. Begins a probe if there is none, or the last one is too old. Waits at most 5 ms.
 */
bool redis_probe_is_over(struct redis_probe *probe, const struct redis_address *address);

/* Drops the probe if there is one. */
void redis_probe_end(struct redis_probe *probe);

#endif
