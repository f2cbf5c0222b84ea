/*
 * kept: a small value in a shared file (base/shared.h) that one process writes and all processes of this host read,
 * even while MySQL and Redis are down. A checksum detects a value that is half written or has another size.
 */
#ifndef BASE_KEPT_H
#define BASE_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"

/*
 * Stores size bytes for a purpose (a short word that may be part of a file name) and replaces the old value. Only one
 * process may write at a time. A failure is logged.
 */
void kept_write(const struct config *config, const char *purpose, const void *value, size_t size);

/* Reads the stored value. Returns false if there is no complete value of this size; value is undefined then. */
bool kept_read(const struct config *config, const char *purpose, void *value, size_t size);

#endif
