/*
 * pool: what the workers of a host know of each other: how many there are, and how many of them do work that may take
 * long (an export, a search of many words, a search in MySQL). At most half of them do, so that the others go on with
 * pages; a single worker does all. Built on slots: what a worker has taken is given back when it dies.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/slots.h"

/* Counts this process as a worker until it ends, or gives the returned slot back with slots_give(). */
int pool_join(const struct config *config);

/*
 * Takes the right to do long work; *slot is given back with slots_give(). ERR_BUSY: half of the workers have it. Where
 * nobody can count (no shared memory), everybody may: ERR_OK, and *slot is SLOTS_NONE.
 */
enum err_code pool_take_share(const struct config *config, int *slot, struct err *err);

#endif
