/*
 * deferred: answers that have to wait although they are ready, as that of a write has to until every reader sees it
 * (docs/consistency.md). A process of its own waits and sends, so that the worker can serve readers
 * meanwhile.
 */
#ifndef WEB_DEFERRED_H
#define WEB_DEFERRED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/limits.h"

/* The processes of one worker that wait. Begins as zeros. */
struct deferred {
    pid_t waiting[LIMIT_DEFERRED];
    size_t count;
};

/* In which process deferred_split returned. NOBODY: no process could be started, or LIMIT_DEFERRED wait already. */
enum deferred_side { DEFERRED_WORKER, DEFERRED_WAITER, DEFERRED_NOBODY };

/*
 * Starts a process that shares the request's connection. In it, returns DEFERRED_WAITER: it has no other descriptor but
 * standard error, stops for no signal that a worker stops for, outlives its worker, and must end with _exit(). In the
 * worker, returns DEFERRED_WORKER: the connection is the other's, and is to be closed without a word.
 */
enum deferred_side deferred_split(struct deferred *deferred, int connection);

#endif
