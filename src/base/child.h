/* child: work that takes long, in a process of its own, so that this one can go on answering. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <sys/types.h>

/*
 * Forks a child that does work, with connections of its own, and ends with the exit status that work returns. It ends
 * with its parent, too. Returns the child, which the caller waits for, or -1 if there is none, which is logged.
 */
pid_t child_start(int (*work)(void *context), void *context);

/* In a child: closes, without a word to whoever is at the other end, all descriptors but standard error and kept. */
void child_close_descriptors(int kept);

#endif
