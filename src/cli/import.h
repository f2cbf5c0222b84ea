/* import: the command `bookshare import`. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "catalogue/catalogue.h"

/* Runs it with its arguments (argv[0] is "import"). Returns the exit status. */
int import_command(int argc, char **argv, struct catalogue *catalogue);

extern const char import_usage[];

#endif
