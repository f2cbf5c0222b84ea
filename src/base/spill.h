/*
 * spill: bytes that grow, in a file without a name: for what may become larger than the memory that is there. They
 * can be read and changed like memory, and the kernel may write them out when it needs room.
 */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stddef.h>

#include "base/err.h"

struct spill {
    char *at;   /* moves when it grows */
    size_t len; /* bytes used */
    size_t capacity;
    int fd;
};

/* Opens an empty one in folder. ERR_UNAVAILABLE: no file can be made there. */
enum err_code spill_open(struct spill *spill, const char *folder, struct err *err);

/* Gives room and file back. Harmless on one that is all zeros, or closed. */
void spill_close(struct spill *spill);

/* Makes room for len more bytes, which are zeros, and counts them in. ERR_UNAVAILABLE: the disk is full. */
enum err_code spill_grow(struct spill *spill, size_t len, struct err *err);

/* Adds len bytes. */
enum err_code spill_add(struct spill *spill, const void *bytes, size_t len, struct err *err);

#endif
