/* shared: memory that the processes of one user have in common if they serve the same table and the same cache. */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include "base/config.h"

/*
 * Opens the memory for one purpose, with the flags of shm_open(). Returns a file descriptor, or -1 and errno: EPERM if
 * it belongs to another user of this host, or others may write to it or read it, for then it says nothing.
 */
int shared_open(const struct config *config, const char *purpose, int flags);

#endif
