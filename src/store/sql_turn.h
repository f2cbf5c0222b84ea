/*
 * sql_turn: one of the connections to MySQL that the processes of this host may have together
 * (BOOKSHARE_MYSQL_CONNECTIONS). A process that waits for one shows it, and one that has held a connection for a while
 * then closes it. The turns are slots (base/slots.h): the kernel releases what a dead process held. Without a maximum
 * every call returns at once.
 */
#ifndef STORE_SQL_TURN_H
#define STORE_SQL_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

struct sql_turn {
    int slot;            /* SLOTS_NONE: not held */
    int64_t used_at;     /* clock_us() of the last use */
    int64_t look_at;     /* clock_us() of the next look for others that wait */
    int64_t yield_until; /* clock_us() until which others go first, after it was released for them */
    int64_t refused_for; /* clock_us() until which no short wait is worth it: one was just in vain */
};

/* Initialises a turn that is not held. */
void sql_turn_init(struct sql_turn *turn);

/*
 * Takes a turn, after waiting for one if needed, at most LIMIT_MYSQL_WAIT_MS, or LIMIT_MYSQL_SHORT_WAIT_MS if is_short.
 * ERR_BUSY: all connections were in use for so long; err has a text for the user.
 */
enum err_code sql_turn_take(struct sql_turn *turn, const struct config *config, bool is_short, struct err *err);

/* Ends the turn, once the connection is closed. Harmless if it is not held. */
void sql_turn_give(struct sql_turn *turn);

/* Notes that the connection is used. */
void sql_turn_use(struct sql_turn *turn);

/* Returns whether to close the connection now: nobody has used it for some seconds, or others wait for one. */
bool sql_turn_is_over(struct sql_turn *turn, const struct config *config);

#endif
