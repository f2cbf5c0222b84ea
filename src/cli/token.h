/* token: the command `bookshare token`. */
#ifndef CLI_TOKEN_H
#define CLI_TOKEN_H

#include "base/config.h"
#include "catalogue/catalogue.h"

/* What --help prints. */
extern const char token_usage[];

/* Runs it with its arguments (argv[0] is "token"). Returns an exit status: 0 success, 1 failure, 2 wrong usage. */
int token_command(int argc, char **argv, const struct config *config, struct catalogue *catalogue);

#endif
