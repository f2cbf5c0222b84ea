/*
 * config_check: whether the files and folders that the settings name can be used, by the user of this process. The
 * worker does not start otherwise, and `bookshare check` reports the same.
 */
#ifndef BASE_CONFIG_CHECK_H
#define BASE_CONFIG_CHECK_H

#include <stdbool.h>

#include "base/config.h"

/* Receives what is wrong: the setting, the reason and what to do. */
typedef void config_problem(const char *problem);

/* Creates missing folders and calls tell for each setting that cannot be used. Returns whether all can be. */
bool config_check(const struct config *config, config_problem *tell);

#endif
