/*
 * The searching half of store, where there is no search index (index/index.h): streams the table, for the catalogue to
 * look at each book. That takes as long as reading the table, so it is limited in time and in how many do it at once.
 */
#include "base/slots.h"
#include "store/store.h"
#include "store/store_parts.h"

/* Takes a slot for a search: each one reads the whole table, so more at a time would only be slower. */
static enum err_code take_slot(struct store *store, struct deadline *deadline, struct err *err)
{
    store->search = (struct store_search){.deadline = deadline, .slot = SLOTS_NONE};
    if (deadline == NULL ||
        slots_take(deadline->config, "mysql-searches", LIMIT_MYSQL_SEARCHES, &store->search.slot, err) != ERR_BUSY)
        return ERR_OK;
    return err_set(err, ERR_BUSY, "Too many searches are running. Try again in a few seconds.");
}

/* Limits the statements of this session to ms milliseconds; 0: no limit. Each server has its own variable for it. */
static enum err_code limit_statements(struct store *store, uint64_t ms, struct err *err)
{
    static const struct sql_statement of_mariadb = {"SET SESSION max_statement_time = ? / 1000", SLOT_TIME_LIMIT},
                                      of_mysql = {"SET SESSION max_execution_time = ?", SLOT_TIME_LIMIT};
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, ms);
    return sql_run(store->sql, sql_is_mariadb(store->sql) ? &of_mariadb : &of_mysql, &parameters, err);
}

/* Limits the next statement to the deadline, or to a short time without a slot for long work. */
static enum err_code limit_search(struct store *store, struct err *err)
{
    struct deadline *deadline = store->search.deadline;
    int64_t ms;

    if (deadline == NULL)
        return ERR_OK;
    if (deadline_passed(deadline))
        return deadline_error(deadline, err);
    ms = deadline_left_ms(deadline);
    if (!deadline_take_share(deadline) && ms > LIMIT_MYSQL_SHORT_MS)
        ms = LIMIT_MYSQL_SHORT_MS;
    store->search.is_limited = true;
    return limit_statements(store, (uint64_t)ms, err);
}

/* Resets the session; if that fails, the session must not be used for anything else. */
static void lift_limit(struct store *store)
{
    struct err err;

    if (store->search.is_limited && sql_is_open(store->sql) && limit_statements(store, 0, &err) != ERR_OK)
        sql_drop(store->sql);
    store->search.is_limited = false;
}

/* Sets the error for a failed search. */
static enum err_code why(struct store *store, enum err_code code, struct err *err)
{
    struct deadline *deadline = store->search.deadline;

    if (code == ERR_OK || deadline == NULL || !sql_is_timeout(store->sql))
        return code;
    deadline->state = deadline->is_long ? DEADLINE_LATE : DEADLINE_BUSY;
    return deadline_error(deadline, err);
}

/* Opens a snapshot with a time limit, and reads its version. */
static enum err_code open_snapshot(struct store *store, struct version *version, uint64_t *books, struct err *err)
{
    enum err_code code = store_begin(store, STORE_SNAPSHOT, err);

    if (code == ERR_OK)
        code = store_read_version(store, version, books, err);
    return code == ERR_OK ? limit_search(store, err) : code;
}

enum err_code store_search_begin(struct store *store, struct deadline *deadline, struct version *version,
                                 uint64_t *books, struct err *err)
{
    enum err_code code = take_slot(store, deadline, err);

    if (code != ERR_OK)
        return code;
    code = open_snapshot(store, version, books, err);
    if (code == ERR_OK)
        code = why(store, store_select_all(store, err), err);
    if (code != ERR_OK)
        store_search_end(store);
    return code;
}

enum err_code store_search_count(struct store *store, struct deadline *deadline, struct version *version,
                                 uint64_t *books, struct err *err)
{
    static const struct sql_statement count = {"SELECT COUNT(*) FROM music", SLOT_COUNT};
    struct arena arena = {0};
    struct text column = {"", 0};
    enum err_code code = take_slot(store, deadline, err);

    if (code != ERR_OK)
        return code;
    code = open_snapshot(store, version, books, err);
    if (code == ERR_OK)
        code = sql_run(store->sql, &count, NULL, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    *books = text_number(column);
    code = why(store, sql_done(store->sql, code, err), err);
    if (code != ERR_OK)
        store_search_end(store);
    arena_free(&arena);
    return code;
}

enum err_code store_search_next(struct store *store, struct arena *arena, struct book *book, struct err *err)
{
    const enum err_code code = store_fetch_book(store, arena, book, err);

    return code == ERR_NOT_FOUND ? code : why(store, code, err);
}

enum err_code store_search_again(struct store *store, struct err *err)
{
    lift_limit(store);
    slots_give(store->search.slot);
    store->search.slot = SLOTS_NONE;
    return store_select_all(store, err);
}

void store_search_end(struct store *store)
{
    store_roll_back(store);
    lift_limit(store);
    slots_give(store->search.slot);
    store->search.slot = SLOTS_NONE;
}

void store_search_cancel(struct store *store)
{
    sql_break(store->sql);
    slots_give(store->search.slot);
    store->search = (struct store_search){.slot = SLOTS_NONE};
}
