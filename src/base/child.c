#include "base/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"

pid_t child_start(int (*work)(const struct config *config), const struct config *config)
{
    const pid_t child = fork();

    if (child < 0)
        log_warn("cannot fork: %s", strerror(errno));
    if (child != 0)
        return child;
    signal(SIGTERM, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* The inherited connections belong to the parent: close them without sending anything. */
    close(STDIN_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    _exit(work(config));
}
