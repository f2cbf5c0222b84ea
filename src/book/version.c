#include "book/version.h"

#include <stdio.h>

#include "base/guard.h"

struct version version_of(uint64_t epoch, uint64_t number, uint64_t token)
{
    return (struct version){epoch, number, guard_is_on(GUARD_TIMELINE) ? token : 0};
}

struct version version_read(const struct text *columns)
{
    return version_of(text_number(columns[0]), text_number(columns[1]), text_number(columns[2]));
}

struct version_text version_text(struct version version)
{
    struct version_text text;

    snprintf(text.string, sizeof text.string, "%llu-%llu-%015llx", (unsigned long long)version.epoch,
             (unsigned long long)version.number, (unsigned long long)version.token);
    return text;
}

void version_json(struct version version, struct buf *out)
{
    buf_add_format(out, "{\"version\":\"%s\"}", version_text(version).string);
}
