/* bookshare edit: changes many books at once: sets or clears a field, replaces a text in it, or deletes them. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "catalogue/catalogue.h"

extern const char edit_usage[];

/* Runs `edit` with its arguments. Returns the exit status. */
int edit_command(int argc, char **argv, struct catalogue *catalogue);

#endif
