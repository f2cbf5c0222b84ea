/*
 * deferred: delays finished responses, such as that of a write until every reader sees it (docs/consistency.md). A
 * separate process waits and sends, so that the worker can serve other requests meanwhile.
 */
#ifndef WEB_DEFERRED_H
#define WEB_DEFERRED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/limits.h"

/* The waiting processes of one worker. Initialise with zeros. */
struct deferred {
    pid_t waiting[LIMIT_DEFERRED];
    size_t count;
};

/* The process in which deferred_split returned. NOBODY: fork failed, or LIMIT_DEFERRED are waiting already. */
enum deferred_side { DEFERRED_WORKER, DEFERRED_WAITER, DEFERRED_NOBODY };

/*
 * Forks a process that shares the request's connection. In the child, returns DEFERRED_WAITER: it has no other
 * descriptor except standard error, ignores the stop signals of a worker, outlives its worker, and must end with
 * _exit(). In the worker, returns DEFERRED_WORKER: the child owns the connection; close it without sending anything.
 */
enum deferred_side deferred_split(struct deferred *deferred, int connection);

/* Takes over the reaping of another child of the worker. */
void deferred_adopt(struct deferred *deferred, pid_t child);

#endif
