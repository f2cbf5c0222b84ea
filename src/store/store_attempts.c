#include "store/store_attempts.h"

#include "store/store_parts.h"
#include "store/store_plain.h"

static const struct sql_statement
    clear_attempts = {"DELETE FROM people_attempts WHERE next_at < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR", SQL_ONCE},
    add_attempt = {"INSERT INTO people_attempts (who, failures, next_at) VALUES (?, 0, UTC_TIMESTAMP(3)) "
                   "ON DUPLICATE KEY UPDATE failures = failures",
                   SQL_ONCE},
    count_attempt = {"UPDATE people_attempts SET next_at = UTC_TIMESTAMP(3) + INTERVAL "
                     "IF(failures < ?, 0, LEAST(POW(2, LEAST(failures - ?, 30)), ?)) SECOND, failures = failures + 1 "
                     "WHERE who = ? AND next_at <= UTC_TIMESTAMP(3)",
                     SQL_ONCE},
    read_wait = {"SELECT CAST(CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), next_at) / 1000000) AS UNSIGNED) "
                 "FROM people_attempts WHERE who = ? AND next_at > UTC_TIMESTAMP(3)",
                 SQL_ONCE},
    undo_attempt = {"UPDATE people_attempts SET failures = failures - 1, next_at = UTC_TIMESTAMP(3) "
                    "WHERE who = ? AND failures > 0",
                    SQL_ONCE},
    undo_attempts = {"DELETE FROM people_attempts WHERE who = ?", SQL_ONCE};

/* Reads how many seconds the next attempt has to wait, at least 1. */
static enum err_code wait_for_attempt(struct store *store, const struct sql_parameters *who, unsigned *wait_s,
                                      struct err *err)
{
    struct arena arena = {0};
    struct text column = {"", 0};
    enum err_code code = sql_read(store->sql, &read_wait, who, err);

    *wait_s = 1; /* it has ended just now */
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    if (code == ERR_OK && text_number(column) > 1)
        *wait_s = (unsigned)text_number(column);
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    return code == ERR_OK || code == ERR_NOT_FOUND ? err_set(err, ERR_BUSY, "too many attempts to sign in") : code;
}

enum err_code store_attempt(struct store *store, struct text who, unsigned free, unsigned most_s, unsigned *wait_s,
                            struct err *err)
{
    struct sql_parameters name = {0}, count = {0};
    uint64_t rows = 0;
    enum err_code code = store_write_alone(store, &clear_attempts, NULL, NULL, err);

    sql_add_text(&name, who);
    sql_add_number(&count, free);
    sql_add_number(&count, free);
    sql_add_number(&count, most_s);
    sql_add_text(&count, who);
    if (code == ERR_OK)
        code = store_write_alone(store, &add_attempt, &name, NULL, err);
    if (code == ERR_OK)
        code = store_write_alone(store, &count_attempt, &count, &rows, err);
    return code == ERR_OK && rows == 0 ? wait_for_attempt(store, &name, wait_s, err) : code;
}

enum err_code store_attempt_undo(struct store *store, struct text who, bool all, struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_text(&parameters, who);
    return store_write_alone(store, all ? &undo_attempts : &undo_attempt, &parameters, NULL, err);
}
