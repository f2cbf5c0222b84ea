/* changes: the command `bookshare changes`, which prunes the log of changes. */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "catalogue/catalogue.h"

extern const char changes_usage[];

/* Runs the command with these arguments, argv[0] being "changes". Returns the exit status. */
int changes_command(int argc, char **argv, struct catalogue *catalogue);

#endif
