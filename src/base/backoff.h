/*
 * backoff: work that failed is not tried again at once, by no process of this host: after BACKOFF_FIRST_US at first,
 * twice as long each time, BACKOFF_MOST_US at most. The state lies in a shared file (base/shared.h); where there is
 * none, nothing is held back.
 */
#ifndef BASE_BACKOFF_H
#define BASE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"

#define BACKOFF_FIRST_US INT64_C(2000000)
#define BACKOFF_MOST_US INT64_C(300000000)

/* Whether the work called purpose may be tried now. */
bool backoff_is_over(const struct config *config, const char *purpose);

/* Notes that it failed. Returns whether it was the first failure since it last worked, which the log should tell. */
bool backoff_failed(const struct config *config, const char *purpose);

/* Notes that it worked. Returns how often it had failed before. */
uint32_t backoff_worked(const struct config *config, const char *purpose);

#endif
