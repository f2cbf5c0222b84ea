/* child: work that takes long, in a process of its own, so that this one can go on answering. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <sys/types.h>

#include "base/config.h"

/*
 * Forks a child that does work, with connections of its own, and ends with the exit status that it returns; it ends
 * with its parent, too. Returns the child, to be waited for, or -1 if there is none, which the log says.
 */
pid_t child_start(int (*work)(const struct config *config), const struct config *config);

#endif
