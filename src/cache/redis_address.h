/* redis_address: parses the URL of Redis. */
#ifndef CACHE_REDIS_ADDRESS_H
#define CACHE_REDIS_ADDRESS_H

#include "base/err.h"
#include "base/mem.h"

struct redis_address {
    const char *path; /* of a Unix socket, or NULL */
    const char *host;
    int port;
    const char *user, *password; /* empty: not given */
    long database;
};

/*
 * Parses redis://[user:password@]host[:port][/number] or unix://[user:password@]/path[?db=number]. The strings of
 * *address live in arena. ERR_UNAVAILABLE: url is neither.
 */
enum err_code redis_address_read(const char *url, struct redis_address *address, struct arena *arena, struct err *err);

#endif
