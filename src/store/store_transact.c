/*
 * The transaction of every write of books: retried after a deadlock, committed, and verified if the connection is lost
 * during COMMIT.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/guard.h"
#include "base/log.h"
#include "store/store_parts.h"

static const struct sql_statement
    lock_version = {"SELECT epoch, version, token FROM music_version FOR UPDATE", SLOT_LOCK_VERSION},
    bump_more = {"UPDATE music_version SET version = version + 1, token = ?, books = books + ?", SLOT_BUMP_MORE},
    bump_less = {"UPDATE music_version SET version = version + 1, token = ?, books = IF(books > ?, books - ?, 0)",
                 SLOT_BUMP_LESS};

/* Starts a transaction after waiting for all others that make a version. */
static enum err_code begin_locked(struct store *store, struct version *version, struct err *err)
{
    struct arena arena = {0};
    struct text columns[3];
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    if (code == ERR_OK)
        code = sql_run(store->sql, &lock_version, NULL, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, 3, &arena, err);
    if (code == ERR_NOT_FOUND)
        code = err_set(err, ERR_INTERNAL, "MySQL: music_version is empty; run `bookshare migrate`");
    if (code == ERR_OK)
        *version = version_read(columns);
    code = sql_done(store->sql, code, err);
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
 * Finds out on a new connection whether a write was committed on a lost one. The lock on the version row waits until
 * the server has ended the old transaction either way.
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

/* Commits, and determines the outcome if the connection is lost meanwhile. */
static enum err_code commit(struct store *store, struct transaction *transaction, struct err *err)
{
    struct err why;
    bool was_committed = false;
    enum err_code code = sql_commit(store->sql, err);

    if (code == ERR_OK || sql_is_open(store->sql))
        return code;
    log_warn("connection to MySQL lost during COMMIT of version %s; checking the outcome",
             version_text(transaction->to).string);
    if (look_up_outcome(store, transaction, &was_committed, &why) != ERR_OK) {
        transaction->is_unknown = true;
        return err_set(err, ERR_UNAVAILABLE, "connection to MySQL lost during COMMIT, outcome unknown: %s", why.text);
    }
    return was_committed ? ERR_OK : code;
}

/* Generates the token of a change. */
static enum err_code make_token(uint64_t *token, struct err *err)
{
    if (getrandom(token, sizeof *token, 0) != sizeof *token)
        return err_set(err, ERR_INTERNAL, "cannot get random bytes: %s", strerror(errno));
    *token >>= 64 - VERSION_TOKEN_BITS;
    *token += *token == 0;
    return ERR_OK;
}

/*
 * Starts the transaction. It locks the only row of music_version first and until COMMIT: so commit order is version
 * order.
 */
static enum err_code begin(struct store *store, struct transaction *transaction, struct err *err)
{
    enum err_code code;

    transaction->is_empty = transaction->is_noted = false;
    transaction->added = 0;
    if (guard_is_on(GUARD_VERSION_LOCK)) {
        code = begin_locked(store, &transaction->from, err);
    } else {
        code = store_begin(store, "START TRANSACTION", err);
        if (code == ERR_OK)
            code = store_read_version(store, &transaction->from, NULL, err);
    }
    transaction->to = transaction->from;
    if (code == ERR_OK)
        transaction->to = version_of(transaction->from.epoch, transaction->from.number + 1, transaction->token);
    return code;
}

/* Makes the next version. */
static enum err_code bump(struct store *store, const struct transaction *transaction, struct err *err)
{
    const bool is_less = transaction->added < 0;
    const uint64_t difference = (uint64_t)(is_less ? -transaction->added : transaction->added);
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, transaction->token);
    sql_add_number(&parameters, difference);
    if (is_less)
        sql_add_number(&parameters, difference);
    return sql_run(store->sql, is_less ? &bump_less : &bump_more, &parameters, err);
}

enum err_code store_transact(struct store *store, store_steps *steps, void *write, struct transaction *transaction,
                             struct err *err)
{
    enum err_code code;

    *transaction = (struct transaction){0};
    code = make_token(&transaction->token, err);
    for (int attempt = 0; attempt < STORE_ATTEMPTS && (attempt > 0 || code == ERR_OK); attempt++) {
        bool met_lock, commits;

        code = begin(store, transaction, err);
        if (code == ERR_OK)
            code = steps(store, transaction, write, err);
        if (code == ERR_OK && !transaction->is_empty)
            code = bump(store, transaction, err);
        commits = !transaction->is_empty || transaction->is_noted;
        if (code == ERR_OK && commits)
            code = commit(store, transaction, err);
        met_lock = code != ERR_OK && !transaction->is_unknown && sql_is_lock_error(store->sql);
        if (code != ERR_OK || !commits)
            store_roll_back(store);
        if (!met_lock)
            break;
    }
    if (transaction->is_empty)
        transaction->to = transaction->from;
    return code;
}

void store_note_written(const struct transaction *transaction, struct change *changes, size_t count,
                        struct written *written)
{
    *written = (struct written){.from = transaction->from,
                                .to = transaction->to,
                                .changes = changes,
                                .count = transaction->is_empty ? 0 : count,
                                .is_unknown = transaction->is_unknown};
}
