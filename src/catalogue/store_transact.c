/*
 * The transaction that every write of books is: tried again after a deadlock, committed, and looked for if the
 * connection is lost meanwhile.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "catalogue/store_parts.h"

enum { ATTEMPTS = 5 }; /* at a transaction that meets a deadlock or a lock that is held for too long */

static const struct sql_statement lock_version = {"SELECT epoch, version FROM music_version FOR UPDATE",
                                                  SLOT_LOCK_VERSION};

/* Opens a transaction, once every other one that makes a version has come to its end. */
static enum err_code begin_locked(struct store *store, struct version *version, struct err *err)
{
    struct arena arena = {0};
    struct text columns[2];
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    if (code == ERR_OK)
        code = sql_run(store->sql, &lock_version, NULL, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, 2, &arena, err);
    if (code == ERR_OK)
        *version = (struct version){text_number(columns[0]), text_number(columns[1])};
    sql_done(store->sql);
    arena_free(&arena);
    return code;
}

enum err_code store_locked_version(struct store *store, struct version *version, struct err *err)
{
    enum err_code code = begin_locked(store, version, err);

    store_roll_back(store);
    return code;
}

/*
 * Finds out on a new connection whether a write was committed on one that was lost. The lock on the version row makes
 * us wait until the server has ended the old transaction one way or the other.
 */
static enum err_code look_up_outcome(struct store *store, const struct transaction *transaction, bool *was_committed,
                                     struct err *err)
{
    struct version now;
    enum err_code code = begin_locked(store, &now, err);

    if (code == ERR_OK)
        code = store_was_logged(store, transaction, was_committed, err);
    store_roll_back(store);
    return code;
}

/* Commits, and finds out what became of it if the connection is lost meanwhile. */
static enum err_code commit(struct store *store, struct transaction *transaction, struct err *err)
{
    struct err why;
    bool was_committed = false;
    enum err_code code = sql_command(store->sql, "COMMIT", err);

    if (code == ERR_OK || sql_is_open(store->sql))
        return code;
    log_warn("MySQL was lost during COMMIT of version %llu; looking for it",
             (unsigned long long)transaction->version.number);
    if (look_up_outcome(store, transaction, &was_committed, &why) != ERR_OK) {
        transaction->is_unknown = true;
        return err_set(err, ERR_UNAVAILABLE, "MySQL was lost during COMMIT, the outcome is not known: %s", why.text);
    }
    return was_committed ? ERR_OK : code;
}

enum err_code store_transact(struct store *store, store_steps *steps, void *write, struct transaction *transaction,
                             struct err *err)
{
    enum err_code code = ERR_UNAVAILABLE;

    *transaction = (struct transaction){0};
    if (getrandom(&transaction->token, sizeof transaction->token, 0) != sizeof transaction->token)
        return err_set(err, ERR_INTERNAL, "no random number: %s", strerror(errno));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        bool met_lock;

        code = store_begin(store, "START TRANSACTION", err);
        if (code != ERR_OK)
            return code;
        transaction->is_empty = false;
        code = steps(store, transaction, write, err);
        if (code == ERR_OK && !transaction->is_empty)
            code = commit(store, transaction, err);
        met_lock = code != ERR_OK && !transaction->is_unknown && sql_is_lock_error(store->sql);
        if (code != ERR_OK || transaction->is_empty)
            store_roll_back(store);
        if (!met_lock)
            break;
    }
    if (code == ERR_OK && transaction->is_empty)
        transaction->version.number--; /* the bump was rolled back */
    return code;
}
