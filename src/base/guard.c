#include "base/guard.h"

#include <stdlib.h>
#include <string.h>

#ifdef BOOKSHARE_GUARD_SWITCH
bool guard_is_on(const char *name)
{
    const char *off = getenv("BOOKSHARE_GUARDS_OFF");
    const size_t len = strlen(name);

    for (const char *at = off; at != NULL && (at = strstr(at, name)) != NULL; at += len)
        if ((at == off || at[-1] == ',') && (at[len] == '\0' || at[len] == ','))
            return false;
    return true;
}
#endif
