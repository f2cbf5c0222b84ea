/*
 * spill: a growing buffer in an unnamed file, for data that may exceed the available memory. It is used like memory;
 * the kernel may write it out when it needs room.
 */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stddef.h>

#include "base/err.h"

struct spill {
    char *at;   /* may move when it grows */
    size_t len; /* bytes used */
    size_t capacity;
    int fd;
};

/* Opens an empty spill in folder. ERR_UNAVAILABLE: cannot create a file there. */
enum err_code spill_open(struct spill *spill, const char *folder, struct err *err);

/* The same, with len zero bytes. ERR_UNAVAILABLE also if the disk is full; then spill is closed. */
enum err_code spill_open_zeros(struct spill *spill, const char *folder, size_t len, struct err *err);

/* Frees the memory and the file. Harmless if all zeros or already closed. */
void spill_close(struct spill *spill);

/* Adds len zero bytes. ERR_UNAVAILABLE: the disk is full. */
enum err_code spill_grow(struct spill *spill, size_t len, struct err *err);

/* Adds len bytes. */
enum err_code spill_add(struct spill *spill, const void *bytes, size_t len, struct err *err);

#endif
