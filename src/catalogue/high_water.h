/*
 * high_water: the newest version that any process of this host has seen of one table, in memory that they share. No
 * list older than it is shown, so that a reader whose requests meet different workers is never taken back, not even
 * over a write that nobody acknowledged. Where there is no shared memory each process minds its own pages alone.
 */
#ifndef CATALOGUE_HIGH_WATER_H
#define CATALOGUE_HIGH_WATER_H

#include "base/config.h"
#include "book/version.h"

struct high_water;

/* Returns the high-water mark of the table and cache that config names, shared with the processes of the same user. */
struct high_water *high_water_new(const struct config *config);
void high_water_free(struct high_water *high_water);

/* Returns the high-water mark; all zeros where none is known. Its token is 0 as well while another process raises it.
 */
struct version high_water_get(const struct high_water *high_water);

/* Raises the high-water mark to version, if its epoch or number is higher. */
void high_water_raise(struct high_water *high_water, struct version version);

/* Puts the high-water mark at version even if that is older, or the same number of another past: for when MySQL was set
 * back. */
void high_water_reset(struct high_water *high_water, struct version version);

#endif
