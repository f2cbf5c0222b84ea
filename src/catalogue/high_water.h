/*
 * high_water: the high-water mark: the newest version of one table that any process of this host has seen, in shared
 * memory. No older list is shown, so that a reader whose requests reach different workers never goes back in time, not
 * even across an unacknowledged write. Without shared memory each process has its own mark.
 */
#ifndef CATALOGUE_HIGH_WATER_H
#define CATALOGUE_HIGH_WATER_H

#include "base/config.h"
#include "book/version.h"

struct high_water;

/* Returns the mark of the table and cache in config, shared by the processes of the same user. */
struct high_water *high_water_new(const struct config *config);
void high_water_free(struct high_water *high_water);

/* Returns the mark; all zeros if unknown. Its token is also 0 while another process raises it. */
struct version high_water_get(const struct high_water *high_water);

/* Raises the mark to version, if its epoch or number is higher. */
void high_water_raise(struct high_water *high_water, struct version version);

/* Sets the mark to version even if it is older, or of another past: for when MySQL was restored from a backup. */
void high_water_reset(struct high_water *high_water, struct version version);

#endif
