/* report: how the commands of bookshare end, and how they show that they are at work. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdint.h>

#include "base/err.h"

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Says on the standard error what went wrong, if anything did. Returns the exit status. */
int report(enum err_code code, const struct err *err);

/* Draws a bar on a terminal; elsewhere it keeps quiet. unit: what is counted, such as " KB"; "" for books. */
void report_progress(uint64_t done, uint64_t total, const char *unit);

#endif
