#include "book/history.h"

static const char *const names[] = {[CHANGE_ADD] = "add", [CHANGE_UPDATE] = "update", [CHANGE_DELETE] = "delete"};

const char *change_op_name(enum change_op op)
{
    return names[op];
}

bool change_op_read(struct text name, enum change_op *op)
{
    for (int i = CHANGE_ADD; i <= CHANGE_DELETE; i++) {
        *op = (enum change_op)i;
        if (text_equal_string(name, names[i]))
            return true;
    }
    return false;
}

const struct book *history_state(const struct history_entry *entry)
{
    if (entry->op == CHANGE_DELETE)
        return entry->has_before ? &entry->before : NULL;
    return entry->has_after ? &entry->after : NULL;
}
