#include "view/time_text.h"

enum { DAY_LENGTH = 10, SECONDS_LENGTH = 19 };

char *time_text_plain(struct arena *arena, struct text at)
{
    return arena_copy(arena, at.at, at.len < SECONDS_LENGTH ? at.len : SECONDS_LENGTH);
}

char *time_text_rfc3339(struct arena *arena, struct text at)
{
    char *copy = arena_format(arena, "%.*sZ", (int)at.len, at.at);

    if (at.len > DAY_LENGTH)
        copy[DAY_LENGTH] = 'T';
    return copy;
}
