/* store_attempts: the table of attempts to sign in, by a hash of the name and by one of the address. */
#ifndef STORE_STORE_ATTEMPTS_H
#define STORE_STORE_ATTEMPTS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

struct store;

/*
 * Counts an attempt, in advance as a failure, unless it comes too early. ERR_OK: it may go on. ERR_BUSY: it may not,
 * and *wait_s is the number of seconds to wait. The first `free` attempts need no wait; each further one doubles the
 * wait for the next, from 1 to at most most_s seconds. An hour without attempts forgets them.
 */
enum err_code store_attempt(struct store *store, struct text who, unsigned free, unsigned most_s, unsigned *wait_s,
                            struct err *err);

/* Takes back one attempt, or all of them. */
enum err_code store_attempt_undo(struct store *store, struct text who, bool all, struct err *err);

#endif
