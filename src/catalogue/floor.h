/*
 * floor: the newest version that any process of this host has seen of one table, in memory that they share. No list
 * older than it is shown, so that a reader whose requests meet different workers is never taken back, not even over a
 * write that nobody acknowledged. Where there is no shared memory each process minds its own pages alone.
 */
#ifndef CATALOGUE_FLOOR_H
#define CATALOGUE_FLOOR_H

#include "base/config.h"
#include "book/version.h"

struct floor;

/* Returns the floor of the table and cache that config names, shared with the processes of the same user. */
struct floor *floor_new(const struct config *config);
void floor_free(struct floor *floor);

/* Returns the floor; all zeros where none is known. Its token is 0 as well while another process raises it. */
struct version floor_get(const struct floor *floor);

/* Raises the floor to version, if its epoch or number is higher. */
void floor_raise(struct floor *floor, struct version version);

/* Puts the floor at version even if that is older, or the same number of another past: for when MySQL was set back. */
void floor_reset(struct floor *floor, struct version version);

#endif
