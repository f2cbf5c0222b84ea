#include "web/route.h"

#include <string.h>

/* Returns whether path matches pattern; *rest is the part that matches its star. */
static bool matches(const char *pattern, struct text path, struct text *rest)
{
    const char *star = strchr(pattern, '*');
    size_t before, after;

    if (star == NULL)
        return text_equal_string(path, pattern);
    before = (size_t)(star - pattern);
    after = strlen(star + 1);
    if (path.len <= before + after || memcmp(path.at, pattern, before) != 0 ||
        memcmp(path.at + path.len - after, star + 1, after) != 0)
        return false;
    *rest = (struct text){path.at + before, path.len - before - after};
    return memchr(rest->at, '/', rest->len) == NULL;
}

const struct route *route_find(const struct route *table, enum method method, struct text path, struct arena *arena,
                               struct text *rest, unsigned *allowed)
{
    const char *pattern = NULL;

    *allowed = 0;
    *rest = (struct text){"", 0};
    for (const struct route *route = table; route->handler != NULL; route++) {
        if ((pattern != NULL && strcmp(route->pattern, pattern) != 0) || !matches(route->pattern, path, rest))
            continue;
        pattern = route->pattern;
        *allowed |= route->methods & METHOD_NAMED;
        if ((route->methods & method) != 0) {
            *rest = text_percent_decode(arena, *rest, false);
            return route;
        }
    }
    return NULL;
}
