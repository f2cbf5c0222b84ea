/*
 * store_rename: gives the changes of people who were removed another name in the log of changes, a part of the log at a
 * time, so that no transaction holds many rows for long. The table people_renames says what remains to be done.
 */
#ifndef STORE_STORE_RENAME_H
#define STORE_STORE_RENAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

struct store;

/* A part of a renaming that was done. */
struct store_renamed {
    struct text name, alias; /* the old name and the new one, in the caller's arena */
    uint64_t changes;        /* changes that have got the new name */
    uint64_t version, last;  /* the last version of this part, and of the whole renaming */
    bool is_done;            /* this was its last part */
};

/*
 * Does the next part of the renamings that remain, in a transaction: LIMIT_RENAME_CHANGES of the log, and the others of
 * their last version. ERR_NOT_FOUND: none remains.
 */
enum err_code store_rename_some(struct store *store, struct arena *arena, struct store_renamed *renamed,
                                struct err *err);

#endif
