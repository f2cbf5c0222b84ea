#include "store/store_prune.h"

#include "base/limits.h"
#include "store/store_parts.h"
#include "store/store_plain.h"

static const struct sql_statement
    find_day = {"SELECT UTC_TIMESTAMP() - INTERVAL ? DAY", SQL_ONCE},
    find_last = {"SELECT version FROM music_changes ORDER BY version DESC, part DESC LIMIT 1 OFFSET ?", SQL_ONCE},
    find_end = {"SELECT version FROM music_changes WHERE version < ? ORDER BY version, part LIMIT 1 OFFSET ?",
                SQL_ONCE},
    remove_edits = {"DELETE FROM music_edits WHERE last_version <= ? AND last_version < ? AND state <> 'running'",
                    SQL_ONCE},
    remove_part = {"DELETE FROM music_changes WHERE version <= ? AND version < ?", SQL_ONCE};

/* Reads the only value of a statement. ERR_NOT_FOUND: it has no row. */
static enum err_code read_value(struct store *store, const struct sql_statement *statement,
                                const struct sql_parameters *parameters, struct arena *arena, struct text *value,
                                struct err *err)
{
    enum err_code code = sql_run(store->sql, statement, parameters, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, value, 1, arena, err);
    return sql_done(store->sql, code, err);
}

enum err_code store_prune_by_age(struct store *store, uint64_t days, uint64_t *first, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text time;
    uint64_t low, high;
    enum err_code code = sql_open(store->sql, err);

    sql_add_number(&parameters, days);
    if (code == ERR_OK)
        code = read_value(store, &find_day, &parameters, &arena, &time, err);
    if (code == ERR_OK)
        code = store_log_ends(store, &low, &high, err);
    if (code == ERR_OK)
        code = store_log_find_time(store, time, true, low, high + 1, first, err);
    arena_free(&arena);
    return code;
}

enum err_code store_prune_by_number(struct store *store, uint64_t keep, uint64_t *first, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text version = {"", 0};
    enum err_code code = sql_open(store->sql, err);

    sql_add_number(&parameters, keep - 1);
    if (code == ERR_OK)
        code = read_value(store, &find_last, &parameters, &arena, &version, err);
    *first = text_number(version); /* 0: there are fewer */
    arena_free(&arena);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* A step, and its result. */
struct step {
    uint64_t first;
    uint64_t *removed;
};

static enum err_code remove_some(struct store *store, const void *of, struct err *err)
{
    const struct step *step = of;
    struct sql_parameters find = {0}, remove = {0};
    struct arena arena = {0};
    struct text version = {"", 0};
    enum err_code code;

    sql_add_number(&find, step->first);
    sql_add_number(&find, LIMIT_PRUNE_CHANGES - 1);
    code = read_value(store, &find_end, &find, &arena, &version, err);
    if (code == ERR_OK || code == ERR_NOT_FOUND) {
        sql_add_number(&remove, code == ERR_OK ? text_number(version) : step->first);
        sql_add_number(&remove, step->first);
        code = sql_run(store->sql, &remove_part, &remove, err);
    }
    if (code == ERR_OK)
        *step->removed = sql_affected(store->sql);
    if (code == ERR_OK)
        code = sql_run(store->sql, &remove_edits, &remove, err);
    arena_free(&arena);
    return code;
}

enum err_code store_prune_some(struct store *store, uint64_t first, uint64_t *removed, struct err *err)
{
    const enum err_code code = store_transact_plain(store, remove_some, &(struct step){first, removed}, err);

    return code == ERR_OK && *removed == 0 ? err_set(err, ERR_NOT_FOUND, "the log has no older changes") : code;
}
