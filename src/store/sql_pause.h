/*
 * The pause after MySQL has hung. A connection attempt that fails slowly would hold the worker again at each request,
 * so for a second none is made. The pause ends early when the server comes back: meanwhile a bare connection waits for
 * its greeting, which MySQL sends to whoever connects.
 */
#ifndef STORE_SQL_PAUSE_H
#define STORE_SQL_PAUSE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Begins as {.probe = -1}. */
struct sql_pause {
    int64_t until;                /* clock_us() before which no connection is tried; 0: there is no pause */
    struct sockaddr_storage peer; /* where the last connection led to */
    socklen_t peer_len;           /* 0: there was none yet */
    int probe;                    /* the bare connection; -1: there is none */
};

/* Ends the pause, and notes where a connection that works leads to. */
void sql_pause_end(struct sql_pause *pause, int socket);

/* Begins a pause, or prolongs it. Without a peer, or if it takes no connection, the pause lasts its full second. */
void sql_pause_begin(struct sql_pause *pause);

/* Whether a connection should not be tried now. */
bool sql_pause_is_on(struct sql_pause *pause);

/* Closes the bare connection. */
void sql_pause_clear(struct sql_pause *pause);

#endif
