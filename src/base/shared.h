/*
 * shared: small files that the processes of one host share: the newest version seen, the times before which failed work
 * is not tried again, the slots of limited work. They lie in the folder BOOKSHARE_SHARED, in memory by default, which
 * only its user may write to: whoever could put a file there could make the service believe it.
 */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include "base/config.h"

/*
 * Opens the file of one purpose, a short word that may be part of a file name, with the flags of open(). Each table and
 * cache that config can name has files of its own. O_CREAT makes the folder, too. Returns a file descriptor, or -1 and
 * errno: EPERM if the folder or the file belongs to another user, or if others may write to it or lock it.
 */
int shared_open(const struct config *config, const char *purpose, int flags);

#endif
