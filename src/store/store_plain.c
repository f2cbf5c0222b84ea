#include "store/store_plain.h"

#include "store/store_parts.h"

enum err_code store_transact_plain(struct store *store, store_plain_steps *run, const void *of, struct err *err)
{
    enum err_code code = ERR_OK;
    bool met_lock = true;

    for (int attempt = 0; attempt < STORE_ATTEMPTS && met_lock; attempt++) {
        code = store_begin(store, "START TRANSACTION", err);
        if (code == ERR_OK)
            code = run(store, of, err);
        if (code == ERR_OK)
            code = sql_commit(store->sql, err);
        met_lock = code != ERR_OK && sql_is_lock_error(store->sql);
        if (code != ERR_OK)
            store_roll_back(store);
    }
    return code;
}

/* A transaction of one statement. */
struct alone {
    const struct sql_statement *statement;
    const struct sql_parameters *parameters;
    uint64_t *rows;
};

static enum err_code run_alone(struct store *store, const void *of, struct err *err)
{
    const struct alone *alone = of;
    const enum err_code code = sql_run(store->sql, alone->statement, alone->parameters, err);

    if (code == ERR_OK && alone->rows != NULL)
        *alone->rows = sql_affected(store->sql);
    return code;
}

enum err_code store_write_alone(struct store *store, const struct sql_statement *statement,
                                const struct sql_parameters *parameters, uint64_t *rows, struct err *err)
{
    return store_transact_plain(store, run_alone, &(struct alone){statement, parameters, rows}, err);
}

enum err_code store_run_existing(struct store *store, const struct sql_statement *statement,
                                 const struct sql_parameters *parameters, const char *missing, struct err *err)
{
    const enum err_code code = sql_run(store->sql, statement, parameters, err);

    return code == ERR_OK && sql_affected(store->sql) == 0 ? err_set(err, ERR_NOT_FOUND, "%s", missing) : code;
}
