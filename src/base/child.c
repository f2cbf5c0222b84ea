#include "base/child.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"

void child_close_descriptors(int kept)
{
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    if (kept > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)kept - 1, 0);
    close_range(kept > STDERR_FILENO ? (unsigned)kept + 1 : STDERR_FILENO + 1, ~0U, 0);
}

/* Forks. In the child, runs work. is_bound: it dies with its parent. */
static pid_t start(int (*work)(void *context), void *context, bool is_bound, int kept)
{
    const pid_t child = fork();

    if (child < 0)
        log_warn("no process can be started: %s", strerror(errno));
    if (child != 0)
        return child;
    signal(SIGTERM, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (is_bound)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    child_close_descriptors(kept); /* those of the parent's connections */
    _exit(work(context));
}

pid_t child_start(int (*work)(void *context), void *context)
{
    return start(work, context, true, -1);
}

pid_t child_leave(int (*work)(void *context), void *context, int kept)
{
    return start(work, context, false, kept);
}
