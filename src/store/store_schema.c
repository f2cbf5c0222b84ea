/* The part of store that upgrades the tables of an installation. */
#include <string.h>

#include "base/buf.h"
#include "store/store.h"
#include "store/store_parts.h"

/* sql/schema.sql, line by line. Its statements are idempotent. */
static const char *const schema[] = {
#include "sql/schema.inc"
};

enum err_code store_migrate(struct store *store, struct err *err)
{
    struct buf statement = {0};
    enum err_code code = sql_open(store->sql, err);

    for (size_t i = 0; code == ERR_OK && i < sizeof schema / sizeof *schema; i++) {
        const char *line = schema[i];
        const size_t len = strlen(line);

        if (strspn(line, " ") == strcspn(line, "-") && strncmp(line + strspn(line, " "), "--", 2) == 0)
            continue;
        buf_add(&statement, line, len);
        buf_add_char(&statement, '\n');
        if (len > 0 && line[len - 1] == ';') {
            statement.at[statement.len - 2] = '\0';
            code = sql_command(store->sql, statement.at, err);
            buf_clear(&statement);
        }
    }
    buf_free(&statement);
    return code;
}
