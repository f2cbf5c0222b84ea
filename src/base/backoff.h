/*
 * backoff: exponential back-off for failed work, shared by all processes of this host. The first pause is
 * BACKOFF_FIRST_US; each further failure doubles it, up to BACKOFF_MOST_US. The state is in a shared file
 * (base/shared.h); without one there is no back-off.
 */
#ifndef BASE_BACKOFF_H
#define BASE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"

#define BACKOFF_FIRST_US INT64_C(2000000)
#define BACKOFF_MOST_US INT64_C(300000000)

/* Returns whether the work called purpose may be tried now. */
bool backoff_is_over(const struct config *config, const char *purpose);

/* Records a failure. Returns true for the first failure since the last success: the one to log. */
bool backoff_failed(const struct config *config, const char *purpose);

/* Records a success. Returns the number of failures before it. */
uint32_t backoff_worked(const struct config *config, const char *purpose);

#endif
