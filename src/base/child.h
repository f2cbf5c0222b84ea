/* child: runs long work in a separate process, so that this one can keep answering requests. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <sys/types.h>

/*
 * Forks a child that calls work, which opens its own connections, and exits with the status that work returns. The
 * child dies with its parent. Returns the child's process ID, for the caller to wait for, or -1 after logging a
 * failure.
 */
pid_t child_start(int (*work)(void *context), void *context);

/*
 * The same for work that goes on when its parent ends, and that keeps one descriptor of it: kept. SIGTERM ends it,
 * unless work handles that.
 */
pid_t child_leave(int (*work)(void *context), void *context, int kept);

/* In a child: closes all descriptors except standard error and kept, without sending anything. */
void child_close_descriptors(int kept);

#endif
