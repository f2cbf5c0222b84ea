/* report: exit status and progress of the commands of bookshare. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdint.h>

#include "base/err.h"

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Reports an error, if any, on standard error. Returns the exit status. */
int report(enum err_code code, const struct err *err);

/* Draws a progress bar, only on a terminal. unit: such as " KB"; "" for books. */
void report_progress(uint64_t done, uint64_t total, const char *unit);

#endif
