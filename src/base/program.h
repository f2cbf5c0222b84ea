/* program: what the running executable knows about itself: which build it is, and where it is installed. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdint.h>

/*
 * Returns a checksum of the running executable, the same for all its processes; 0 if it cannot be read. It identifies
 * this build, for output that another build may produce differently.
 */
uint32_t program_sum(void);

/*
 * Returns a path of the installation, to be freed by the caller. An absolute path is returned as it is. A relative one
 * (configure --enable-relocatable) is resolved against the folder above that of the executable: "share" of
 * /opt/books/bin/bookshare is /opt/books/share. Without /proc, it stays relative.
 */
char *program_path(const char *path);

#endif
