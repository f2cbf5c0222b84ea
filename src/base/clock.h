/* clock: monotonic time, for durations and deadlines; it does not jump when somebody sets the date. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Returns the microseconds since some fixed moment (CLOCK_MONOTONIC). */
int64_t clock_us(void);

/* Sleeps until clock_us() reaches deadline; a signal does not cut it short. */
void clock_wait_until(int64_t deadline);

#endif
