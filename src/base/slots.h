/*
 * slots: how many processes of a host may do one kind of work at once. A slot is a lock on one byte of a file in shared
 * memory (base/shared.h), so the kernel gives it back when its holder ends, however that happens. Nothing waits.
 *
 * A process that forks shares its slots with the child until the child closes its descriptors, as child_start() does.
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include "base/config.h"
#include "base/err.h"

/* The value of a slot that is not held. */
enum { SLOTS_NONE = -1 };

/*
 * Takes one of count slots (1 or more) for a purpose (a short word that may be part of a file name), and stores it in
 * *slot: give it back with slots_give(). All callers of one purpose on a host count together if they serve the same
 * table and cache. A process may hold several slots of one purpose.
 *
 * ERR_BUSY: all are taken. ERR_INTERNAL: the host has no shared memory for it. *slot is SLOTS_NONE after both.
 */
enum err_code slots_take(const struct config *config, const char *purpose, unsigned count, int *slot, struct err *err);

/* Gives a slot back. SLOTS_NONE is allowed. */
void slots_give(int slot);

/* Returns how many of the first count slots of a purpose are taken, this process's own included; 0 if nobody knows. */
unsigned slots_taken(const struct config *config, const char *purpose, unsigned count);

#endif
