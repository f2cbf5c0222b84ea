/* program: identifies this build, for output that another build may produce differently. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdint.h>

/* Returns a checksum of the running executable, the same for all its processes; 0 if it cannot be read. */
uint32_t program_sum(void);

#endif
