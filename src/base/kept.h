/*
 * kept: a small value in a shared file (base/shared.h) that one process keeps and all processes of this host read, with
 * MySQL and Redis away, too. A checksum tells a whole value from one that is just being written, and from one of
 * another length.
 */
#ifndef BASE_KEPT_H
#define BASE_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"

/*
 * Keeps size bytes for a purpose, a short word that may be part of a file name, in the place of what was kept before.
 * One process at a time may do so. A failure is logged.
 */
void kept_write(const struct config *config, const char *purpose, const void *value, size_t size);

/* Reads what was kept last. Returns false if there is nothing, or nothing whole, of this size; value is undefined then.
 */
bool kept_read(const struct config *config, const char *purpose, void *value, size_t size);

#endif
