#include "store/store_rename.h"

#include "base/limits.h"
#include "store/store_parts.h"
#include "store/store_plain.h"

enum { COLUMNS = 4 };

static const struct sql_statement
    lock_next = {"SELECT name, alias, next_version, last_version FROM people_renames ORDER BY alias LIMIT 1 FOR UPDATE",
                 SQL_ONCE},
    find_end = {"SELECT version FROM music_changes WHERE version >= ? AND version <= ? ORDER BY version, part "
                "LIMIT 1 OFFSET ?",
                SQL_ONCE},
    rename_part = {"UPDATE music_changes SET actor = ? WHERE version >= ? AND version <= ? AND actor = ?", SQL_ONCE},
    rename_edits = {"UPDATE music_edits SET actor = ? WHERE first_version >= ? AND first_version <= ? AND actor = ?",
                    SQL_ONCE},
    note_part = {"UPDATE people_renames SET next_version = ? WHERE alias = ?", SQL_ONCE},
    note_end = {"DELETE FROM people_renames WHERE alias = ?", SQL_ONCE};

/* Runs a statement and reads its first row. ERR_NOT_FOUND: it has none. */
static enum err_code read_row(struct store *store, const struct sql_statement *statement,
                              const struct sql_parameters *parameters, struct text *columns, size_t count,
                              struct arena *arena, struct err *err)
{
    enum err_code code = sql_run(store->sql, statement, parameters, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, count, arena, err);
    return sql_done(store->sql, code, err);
}

/* A step, and where its results go. */
struct step {
    struct arena *arena;
    struct store_renamed *renamed;
};

/* Finds the last version of the part that begins with version from. */
static enum err_code find_part(struct store *store, uint64_t from, const struct step *step, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct store_renamed *renamed = step->renamed;
    struct text version;
    enum err_code code;

    sql_add_number(&parameters, from);
    sql_add_number(&parameters, renamed->last);
    sql_add_number(&parameters, LIMIT_RENAME_CHANGES - 1);
    code = read_row(store, &find_end, &parameters, &version, 1, step->arena, err);
    renamed->version = code == ERR_OK ? text_number(version) : renamed->last;
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static enum err_code rename_next(struct store *store, const void *of, struct err *err)
{
    const struct step *step = of;
    struct store_renamed *renamed = step->renamed;
    struct sql_parameters change = {0}, note = {0};
    struct text columns[COLUMNS];
    uint64_t from = 0;
    enum err_code code = read_row(store, &lock_next, NULL, columns, COLUMNS, step->arena, err);

    if (code == ERR_OK) {
        *renamed = (struct store_renamed){.name = columns[0], .alias = columns[1], .last = text_number(columns[3])};
        from = text_number(columns[2]);
        code = find_part(store, from, step, err);
    }
    if (code != ERR_OK)
        return code;
    renamed->is_done = renamed->version == renamed->last;
    sql_add_text(&change, renamed->alias);
    sql_add_number(&change, from);
    sql_add_number(&change, renamed->version);
    sql_add_text(&change, renamed->name);
    code = sql_run(store->sql, &rename_part, &change, err);
    renamed->changes = sql_affected(store->sql);
    if (code == ERR_OK)
        code = sql_run(store->sql, &rename_edits, &change, err);
    if (!renamed->is_done)
        sql_add_number(&note, renamed->version + 1);
    sql_add_text(&note, renamed->alias);
    return code == ERR_OK ? sql_run(store->sql, renamed->is_done ? &note_end : &note_part, &note, err) : code;
}

enum err_code store_rename_some(struct store *store, struct arena *arena, struct store_renamed *renamed,
                                struct err *err)
{
    return store_transact_plain(store, rename_next, &(struct step){arena, renamed}, err);
}
