#include "base/guard.h"

#include <stdlib.h>
#include <string.h>

#ifdef BOOKSHARE_GUARD_SWITCH
static const char variable[] = "BOOKSHARE_GUARDS_OFF";

bool guard_is_variable(const char *name)
{
    return strcmp(name, variable) == 0;
}

bool guard_is_on(const char *name)
{
    const char *off = getenv(variable);
    const size_t len = strlen(name);

    for (const char *at = off; at != NULL && (at = strstr(at, name)) != NULL; at += len)
        if ((at == off || at[-1] == ',') && (at[len] == '\0' || at[len] == ','))
            return false;
    return true;
}
#endif
