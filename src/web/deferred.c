#include "web/deferred.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/log.h"

/* Reaps the processes that have exited. */
static void reap(struct deferred *deferred)
{
    size_t kept = 0;

    for (size_t i = 0; i < deferred->count; i++)
        if (waitpid(deferred->waiting[i], NULL, WNOHANG) == 0)
            deferred->waiting[kept++] = deferred->waiting[i];
    deferred->count = kept;
}

/* Releases what belongs to the worker: signals, server connections, listening socket, locks. */
static void leave_worker(int connection)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    child_close_descriptors(connection);
}

enum deferred_side deferred_split(struct deferred *deferred, int connection)
{
    pid_t child;

    reap(deferred);
    if (deferred->count == LIMIT_DEFERRED)
        return DEFERRED_NOBODY;
    child = fork();
    if (child < 0) {
        log_warn("cannot fork: %s", strerror(errno));
        return DEFERRED_NOBODY;
    }
    if (child == 0) {
        leave_worker(connection);
        return DEFERRED_WAITER;
    }
    deferred->waiting[deferred->count++] = child;
    return DEFERRED_WORKER;
}

void deferred_adopt(struct deferred *deferred, pid_t child)
{
    reap(deferred);
    if (deferred->count < LIMIT_DEFERRED) /* else the worker's end reaps it */
        deferred->waiting[deferred->count++] = child;
}
