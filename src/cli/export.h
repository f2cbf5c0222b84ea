/* export: the command `bookshare export`. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "catalogue/catalogue.h"

/* What --help prints. */
extern const char export_usage[];

/* Runs it with its arguments (argv[0] is "export"). Returns an exit status: 0 success, 1 failure, 2 wrong usage. */
int export_run(int argc, char **argv, struct catalogue *catalogue);

#endif
