/* role: what somebody may do. A role includes those before it. */
#ifndef PEOPLE_ROLE_H
#define PEOPLE_ROLE_H

#include <stdbool.h>

#include "base/text.h"

enum role {
    ROLE_NONE,   /* nothing but sign in */
    ROLE_READER, /* read, search and export books */
    ROLE_EDITOR, /* add, update and delete books */
    ROLE_ADMIN   /* import books, measure timings, manage users */
};

/* Returns the name of a role: "reader", "editor" or "admin"; "none" for ROLE_NONE. */
const char *role_name(enum role role);

/* Parses the name of a role that a person can have: not ROLE_NONE. Returns false if it is unknown. */
bool role_from_name(struct text name, enum role *role);

#endif
