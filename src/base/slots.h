/*
 * slots: limits how many processes of a host do one kind of work at once. A slot is a lock on one byte of a file in
 * shared memory (base/shared.h), so the kernel releases it when its holder dies, for any reason. No call blocks.
 *
 * A process that forks shares its slots with the child until the child closes its descriptors, as child_start() does.
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include <stdbool.h>

#include "base/config.h"
#include "base/err.h"

/* A slot that is not held. */
enum { SLOTS_NONE = -1 };

/*
 * Takes one of count slots (1 or more) for a purpose (a short word that may be part of a file name) and stores it in
 * *slot; release it with slots_give(). All processes of a host that serve the same table and cache share the slots of a
 * purpose. A process may hold several.
 *
 * ERR_BUSY: all are taken. ERR_INTERNAL: there is no shared memory. *slot is SLOTS_NONE in both cases.
 */
enum err_code slots_take(const struct config *config, const char *purpose, unsigned count, int *slot, struct err *err);

/* Releases a slot. SLOTS_NONE is allowed. */
void slots_give(int slot);

/* Returns whether any slot of a purpose is taken. */
bool slots_in_use(const struct config *config, const char *purpose);

/* Returns how many of the first count slots of a purpose are taken, including this process's own; 0 if unknown. */
unsigned slots_taken(const struct config *config, const char *purpose, unsigned count);

#endif
