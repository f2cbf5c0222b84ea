#include "web/write.h"

enum err_code write_one(struct write_door door, enum change_op op, const struct book *book, struct text seen,
                        struct arena *arena, bool *is_unknown, struct err *err)
{
    enum err_code code = pagefile_withdraw(door.pagefiles, err);

    *is_unknown = false;
    if (code != ERR_OK)
        return code;
    code = catalogue_write(door.catalogue, op, book, seen, arena, is_unknown, err);
    pagefile_allow(door.pagefiles);
    return code;
}

enum err_code write_many(struct write_door door, struct batch *batch, struct arena *arena, bool *is_unknown,
                         struct err *err)
{
    enum err_code code = pagefile_withdraw(door.pagefiles, err);

    *is_unknown = false;
    if (code != ERR_OK)
        return code;
    code = catalogue_write_many(door.catalogue, batch, arena, is_unknown, err);
    pagefile_allow(door.pagefiles);
    return code;
}
