/*
 * shared: small files that the processes of one host share: the high-water mark, the back-off of failed work, the slots
 * of limited work. They are in the folder BOOKSHARE_SHARED, by default in memory. Only its owner may write to it:
 * anyone who could put a file there could feed the service false state.
 */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include "base/config.h"

/*
 * Opens the file of one purpose (a short word that may be part of a file name) with the flags of open(). Each
 * combination of table and cache has its own files. O_CREAT creates the folder too. Returns a file descriptor, or -1
 * with errno set: EPERM if the folder or file belongs to another user, or if others may write to it or lock it.
 */
int shared_open(const struct config *config, const char *purpose, int flags);

#endif
