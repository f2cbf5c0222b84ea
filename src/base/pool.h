/*
 * pool: the worker pool of this host: how many workers there are, and how many do long work (an export, a search of
 * many words, a search in MySQL). At most half of them may, so that the others keep serving pages; a single worker may
 * do everything. Built on slots: the kernel releases what a dead worker held.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/slots.h"

/* Counts this process as a worker until it exits or releases the returned slot with slots_give(). */
int pool_join(const struct config *config);

/* Returns half of the number of workers, at least 1. */
unsigned pool_half(const struct config *config);

/*
 * Takes a slot for long work; release *slot with slots_give(). ERR_BUSY: half of the workers hold one. Without shared
 * memory nothing is counted and every worker may: ERR_OK, and *slot is SLOTS_NONE.
 */
enum err_code pool_take_share(const struct config *config, int *slot, struct err *err);

#endif
