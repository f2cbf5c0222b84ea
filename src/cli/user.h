/* user: the command `bookshare user`. */
#ifndef CLI_USER_H
#define CLI_USER_H

#include "base/config.h"
#include "catalogue/catalogue.h"

/* What --help prints. */
extern const char user_usage[];

/* Runs it with its arguments (argv[0] is "user"). Returns an exit status: 0 success, 1 failure, 2 wrong usage. */
int user_command(int argc, char **argv, const struct config *config, struct catalogue *catalogue);

#endif
