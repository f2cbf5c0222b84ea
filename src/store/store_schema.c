/* The part of store that upgrades the tables of an installation. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/store.h"
#include "store/store_parts.h"

/* sql/schema.sql, line by line. Its statements are idempotent. */
static const char *const schema[] = {
#include "sql/schema.inc"
};

enum { COLUMNS_MOST = 512 /* of all tables of the database that are compared, with their indexes */ };

#define INDEX "index " /* before the name of an index among the columns */

/* The columns and indexes of the database: the name of a table, and that of a column, or INDEX and that of an index. */
struct columns {
    struct column {
        struct text at[2];
    } all[COLUMNS_MOST];
    size_t count;
};

/* Appends the columns, or the indexes, of the database. */
static enum err_code add_columns(struct store *store, const struct sql_statement *read, struct columns *columns,
                                 struct arena *arena, struct err *err)
{
    enum err_code code = sql_read(store->sql, read, NULL, err);

    while (code == ERR_OK && columns->count < COLUMNS_MOST) {
        code = sql_fetch(store->sql, columns->all[columns->count].at, 2, arena, err);
        columns->count += code == ERR_OK;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static enum err_code read_columns(struct store *store, struct columns *columns, struct arena *arena, struct err *err)
{
    static const struct sql_statement of_tables = {"SELECT table_name, column_name FROM information_schema.columns "
                                                   "WHERE table_schema = DATABASE() "
                                                   "ORDER BY table_name, ordinal_position",
                                                   SQL_ONCE},
                                      of_indexes = {"SELECT table_name, CONCAT('" INDEX "', index_name) "
                                                    "FROM information_schema.statistics "
                                                    "WHERE table_schema = DATABASE() AND seq_in_index = 1 "
                                                    "AND index_name <> 'PRIMARY' ORDER BY table_name, index_name",
                                                    SQL_ONCE};
    enum err_code code;

    columns->count = 0;
    code = add_columns(store, &of_tables, columns, arena, err);
    return code == ERR_OK ? add_columns(store, &of_indexes, columns, arena, err) : code;
}

/* Returns whether there is a column, or with column NULL, a table. */
static bool has(const struct columns *columns, struct text table, const struct text *column)
{
    for (size_t i = 0; i < columns->count; i++)
        if (text_equal(columns->all[i].at[0], table) && (column == NULL || text_equal(columns->all[i].at[1], *column)))
            return true;
    return false;
}

/* Calls tell for each table, column and index that is new. */
static void tell_added(const struct columns *before, const struct columns *now, store_added *tell)
{
    const struct text *last = NULL; /* the new table */

    for (size_t i = 0; i < now->count; i++) {
        const struct text *table = &now->all[i].at[0], *column = &now->all[i].at[1];
        const bool is_new = !has(before, *table, NULL);
        const size_t skipped =
            column->len > strlen(INDEX) && memcmp(column->at, INDEX, strlen(INDEX)) == 0 ? strlen(INDEX) : 0;
        struct buf what = {0};

        if (has(before, *table, column) || (is_new && (skipped > 0 || (last != NULL && text_equal(*last, *table)))))
            continue;
        last = table;
        buf_add_format(&what, "%s %.*s",
                       is_new        ? "table"
                       : skipped > 0 ? "index"
                                     : "column",
                       (int)table->len, table->at);
        if (!is_new)
            buf_add_format(&what, ".%.*s", (int)(column->len - skipped), column->at + skipped);
        tell(buf_string(&what));
        buf_free(&what);
    }
}

/* Runs the statements of the schema. */
static enum err_code run_schema(struct store *store, struct err *err)
{
    struct buf statement = {0};
    enum err_code code = ERR_OK;

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

enum err_code store_migrate(struct store *store, store_added *tell, struct err *err)
{
    struct columns *const columns = mem_zero(2 * sizeof *columns);
    struct arena arena = {0};
    enum err_code code = sql_open(store->sql, err);

    if (code == ERR_OK)
        code = read_columns(store, &columns[0], &arena, err);
    if (code == ERR_OK)
        code = run_schema(store, err);
    if (code == ERR_OK)
        code = read_columns(store, &columns[1], &arena, err);
    if (code == ERR_OK)
        tell_added(&columns[0], &columns[1], tell);
    arena_free(&arena);
    free(columns);
    return code;
}
