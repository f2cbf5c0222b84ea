/*
 * deadline: when to cancel the work on a request: it takes too long, it has become long work and enough workers do long
 * work already (base/pool.h), or the client has disconnected. Long loops call deadline_passed() now and then; once
 * true, it stays true.
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
    int client;       /* the client's connection; -1: none */
    int share;        /* the slot for long work; SLOTS_NONE: not taken */
    bool is_long;     /* share is taken, or not needed */
    int64_t until;    /* clock_us() */
    int64_t look_at;  /* clock_us() of the next look at the connection */
    int64_t short_us; /* total processor time of this thread after which the work counts as long */
};

/* Starts a deadline of BOOKSHARE_SEARCH_MS. config must outlive it. End it with deadline_end(). */
void deadline_begin(struct deadline *deadline, const struct config *config, int client);
void deadline_end(struct deadline *deadline);

/*
 * Sets how much processor time, from now on, the work may use before it counts as long. Without this call it never
 * does.
 */
void deadline_allow(struct deadline *deadline, int64_t short_us);

/* Takes a slot for work that is long from its start. Returns false if there is none. */
bool deadline_take_share(struct deadline *deadline);

/* Returns whether the client has disconnected. */
bool deadline_is_gone(struct deadline *deadline);

/* Returns whether to cancel the work. NULL: never. Usually takes less than a microsecond. */
bool deadline_passed(struct deadline *deadline);

/* Returns the remaining milliseconds, at least 1. */
int64_t deadline_left_ms(const struct deadline *deadline);

/* Returns ERR_OK, or ERR_BUSY with a text for the user once it has passed. NULL is allowed. */
enum err_code deadline_error(const struct deadline *deadline, struct err *err);

#endif
