/* report: exit status and progress of the commands of bookshare. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Reports an error, if any, on standard error. Returns the exit status. */
int report(enum err_code code, const struct err *err);

/*
 * Says on standard error which word is wrong, and which one was probably meant, and how the program is used. given: the
 * word where a command belongs, "" if there is none; if it is one of the commands, its arguments are wrong. what:
 * such as "command", or "command of 'user'". Returns EXIT_USAGE.
 */
int report_mistake(const char *what, const char *given, const char *const *commands, size_t count, const char *usage);

/* Draws a progress bar, only on a terminal. unit: such as " KB"; "" for books. */
void report_progress(uint64_t done, uint64_t total, const char *unit);

#endif
