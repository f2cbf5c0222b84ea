#include "people/role.h"

static const char *const names[] = {
    [ROLE_NONE] = "none", [ROLE_READER] = "reader", [ROLE_EDITOR] = "editor", [ROLE_ADMIN] = "admin"};

const char *role_name(enum role role)
{
    return names[role];
}

bool role_from_name(struct text name, enum role *role)
{
    for (int i = ROLE_READER; i <= ROLE_ADMIN; i++) {
        if (!text_equal_string(name, names[i]))
            continue;
        *role = (enum role)i;
        return true;
    }
    return false;
}
