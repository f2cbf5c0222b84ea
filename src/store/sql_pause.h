/*
 * The pause after MySQL has hung. A slowly failing connection attempt would block the worker at each request, so for a
 * second none is made. The pause ends early when the server is back: a probe connection waits for the greeting that
 * MySQL sends to every client.
 */
#ifndef STORE_SQL_PAUSE_H
#define STORE_SQL_PAUSE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Initialise as {.probe = -1}. */
struct sql_pause {
    int64_t until;                /* clock_us() of the end of the pause; 0: no pause */
    struct sockaddr_storage peer; /* address of the last working connection */
    socklen_t peer_len;           /* 0: none yet */
    int probe;                    /* the probe connection; -1: none */
};

/* Ends the pause and records the address of a working connection. */
void sql_pause_end(struct sql_pause *pause, int socket);

/* Starts or extends the pause. Without a known address, or if it refuses the probe, the pause lasts a full second. */
void sql_pause_begin(struct sql_pause *pause);

/* Returns whether to refrain from connecting now. */
bool sql_pause_is_on(struct sql_pause *pause);

/* Closes the probe connection. */
void sql_pause_clear(struct sql_pause *pause);

#endif
