/* program: which program this is, for what another one would make otherwise. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdint.h>

/* Returns a sum of the file that is being run, the same for all processes that run it; 0 where it cannot be read. */
uint32_t program_sum(void);

#endif
