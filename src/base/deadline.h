/*
 * deadline: when the work on a request is given up: when it has taken too long, when it has become long work and enough
 * workers do such (base/pool.h), or when the client has gone away. Whoever loops over much asks deadline_passed() now
 * and then; the answer stays true.
 */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

enum deadline_state { DEADLINE_AHEAD, DEADLINE_LATE, DEADLINE_BUSY, DEADLINE_GONE };

struct deadline {
    const struct config *config;
    enum deadline_state state;
    int client;       /* a connection that hangs up when the client leaves; -1: none */
    int share;        /* the right to do long work; SLOTS_NONE: not taken */
    bool is_long;     /* share was taken, or needs not be */
    int64_t until;    /* clock_us() */
    int64_t look_at;  /* clock_us() before which the connection is not looked at again */
    int64_t short_us; /* processor time of this thread, from the start of the process, after which work is long */
};

/* Starts one of BOOKSHARE_SEARCH_MS. config must outlive it. End it with deadline_end(). */
void deadline_begin(struct deadline *deadline, const struct config *config, int client);
void deadline_end(struct deadline *deadline);

/* Says how much processor time, from now on, may pass before the work counts as long. Without this it never does. */
void deadline_allow(struct deadline *deadline, int64_t short_us);

/* Takes the right to do long work, for work that is long from its start. Returns false if it cannot be had. */
bool deadline_take_share(struct deadline *deadline);

/* Gives the work up since too much long work is under way. */
void deadline_refuse(struct deadline *deadline);

/* Whether the client is there no more. */
bool deadline_is_gone(struct deadline *deadline);

/* Whether the work is to be given up. NULL: never. Takes less than a microsecond, mostly. */
bool deadline_passed(struct deadline *deadline);

/* Returns the milliseconds that are left, at least 1. */
int64_t deadline_left_ms(const struct deadline *deadline);

/* Returns ERR_OK, or, once it has passed, ERR_BUSY with a text for the user. NULL is allowed. */
enum err_code deadline_error(const struct deadline *deadline, struct err *err);

#endif
