#include "web/route.h"

#include <string.h>

/* Returns whether path matches pattern; *rest is the part that matches a final star. */
static bool matches(const char *pattern, struct text path, struct text *rest)
{
    const size_t len = strlen(pattern);
    const size_t fixed = len - 1;

    if (pattern[fixed] != '*')
        return text_equal_string(path, pattern);
    if (path.len <= fixed || memcmp(path.at, pattern, fixed) != 0)
        return false;
    *rest = (struct text){path.at + fixed, path.len - fixed};
    return memchr(rest->at, '/', rest->len) == NULL;
}

const struct route *route_find(const struct route *table, enum method method, struct text path, struct arena *arena,
                               struct text *rest, unsigned *allowed)
{
    *allowed = 0;
    *rest = (struct text){"", 0};
    for (const struct route *route = table; route->handler != NULL; route++) {
        if (!matches(route->pattern, path, rest))
            continue;
        *allowed |= route->methods & METHOD_NAMED;
        if ((route->methods & method) != 0) {
            *rest = text_percent_decode(arena, *rest, false);
            return route;
        }
    }
    return NULL;
}
