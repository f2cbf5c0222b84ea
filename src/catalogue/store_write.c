/*
 * The writing half of store: transactions that bump the version, change the table and log the change, and what follows
 * from the log. The protocol is described in HACKING.md, "The version protocol".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/guard.h"
#include "base/log.h"
#include "catalogue/store.h"
#include "catalogue/store_parts.h"

enum { ATTEMPTS = 5 }; /* at a transaction that meets a deadlock or a lock that is held for too long */

static const char *const op_names[] = {[CHANGE_ADD] = "add", [CHANGE_UPDATE] = "update", [CHANGE_DELETE] = "delete"};

/* The lock on the one row of music_version is taken first and held until COMMIT: commit order is version order. */
static const struct sql_statement bump[] = {
    [CHANGE_ADD] = {"UPDATE music_version SET version = version + 1, books = books + 1", SLOT_BUMP_ADD},
    [CHANGE_UPDATE] = {"UPDATE music_version SET version = version + 1", SLOT_BUMP_UPDATE},
    [CHANGE_DELETE] = {"UPDATE music_version SET version = version + 1, books = IF(books > 0, books - 1, 0)",
                       SLOT_BUMP_DELETE},
};

static const struct sql_statement
    read_for_update = {"SELECT {columns} FROM music WHERE book_id = ? FOR UPDATE", SLOT_GET_FOR_UPDATE},
    add_book = {"INSERT INTO music ({columns}) VALUES ({values})", SLOT_ADD},
    update_book = {"UPDATE music SET {changes} WHERE book_id = ?", SLOT_UPDATE},
    delete_book = {"DELETE FROM music WHERE book_id = ?", SLOT_DELETE},
    log_change = {"INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after) "
                  "VALUES (?, ?, ?, 'web', UTC_TIMESTAMP(3), ?, ?, ?)",
                  SLOT_LOG},
    was_logged = {"SELECT 1 FROM music_changes WHERE version = ? AND token = ?", SLOT_WAS_LOGGED},
    lock_version = {"SELECT epoch, version FROM music_version FOR UPDATE", SLOT_LOCK_VERSION},
    read_changes = {"SELECT version, op, book_id, row_before, row_after FROM music_changes WHERE version > ? "
                    "ORDER BY version LIMIT ?",
                    SLOT_CHANGES},
    set_epoch = {"UPDATE music_version SET epoch = GREATEST(epoch + 1, ?, "
                 "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)) WHERE epoch = ? AND version = ?",
                 SLOT_EPOCH},
    recount = {"UPDATE music_version SET epoch = GREATEST(epoch + 1, "
               "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)), books = (SELECT COUNT(*) FROM music)",
               SLOT_RECOUNT},
    count_more = {"UPDATE music_version SET books = books + ?", SLOT_COUNT_MORE},
    count_less = {"UPDATE music_version SET books = IF(books > ?, books - ?, 0)", SLOT_COUNT_LESS},
    take_rebuild_lock = {"SELECT GET_LOCK(CONCAT('bookshare.rebuild.', DATABASE()), 0)", SLOT_REBUILD_LOCK};

/* A write under way. */
struct write {
    enum change_op op;
    const struct book *book;
    struct text seen;       /* tag of the book that is to be changed; empty: of any */
    struct version version; /* that it makes */
    uint64_t token;         /* by which we know our change again when we do not know whether it was committed */
    struct change *change;
};

static struct text row_of(const struct book *book, struct arena *arena)
{
    struct buf row = {0};
    struct text text;

    book_row_write(&row, book);
    text = (struct text){arena_copy(arena, row.at, row.len), row.len};
    buf_free(&row);
    return text;
}

/* Reads the row that the write is about to change. */
static enum err_code read_before(struct store *store, struct write *write, struct arena *arena, struct book *before,
                                 struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_text(&parameters, write->book->field[BOOK_ID]);
    code = sql_run(store->sql, &read_for_update, &parameters, err);
    if (code == ERR_OK)
        code = store_fetch_book(store, arena, before, err);
    sql_done(store->sql);
    return code == ERR_NOT_FOUND ? err_set(err, code, "there is no book with this ID") : code;
}

/* Whether the book that is there is the one that the caller has seen. */
static bool was_seen(const struct write *write, const struct book *before)
{
    char tag[BOOK_TAG_SIZE];

    if (write->op == CHANGE_ADD || write->seen.len == 0)
        return true;
    book_tag(before, tag);
    return text_equal_string(write->seen, tag);
}

/* Changes the table. */
static enum err_code change_table(struct store *store, const struct write *write, struct err *err)
{
    static const struct sql_statement *const statements[] = {
        [CHANGE_ADD] = &add_book, [CHANGE_UPDATE] = &update_book, [CHANGE_DELETE] = &delete_book};
    struct sql_parameters parameters = {0};
    const struct text *field = write->book->field;

    if (write->op == CHANGE_ADD)
        sql_add_text(&parameters, field[BOOK_ID]);
    if (write->op != CHANGE_DELETE)
        for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++)
            sql_add_text(&parameters, field[i]);
    if (write->op != CHANGE_ADD)
        sql_add_text(&parameters, field[BOOK_ID]);
    return sql_run(store->sql, statements[write->op], &parameters, err);
}

static enum err_code insert_change(struct store *store, const struct write *write, struct err *err)
{
    const struct change *change = write->change;
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, change->number);
    sql_add_text(&parameters, text_of(op_names[change->op]));
    sql_add_text(&parameters, change->id);
    sql_add_number(&parameters, write->token);
    sql_add_text(&parameters, change->before);
    sql_add_text(&parameters, change->after);
    return sql_run(store->sql, &log_change, &parameters, err);
}

/* Does all of a write but COMMIT. change->number stays 0 if there is nothing to do. */
static enum err_code prepare_write(struct store *store, struct write *write, struct arena *arena, struct err *err)
{
    struct book before = {0};
    enum err_code code = ERR_OK;

    if (guard_is_on(GUARD_VERSION_LOCK))
        code = sql_run(store->sql, &bump[write->op], NULL, err);
    if (code == ERR_OK)
        code = store_read_version(store, &write->version, NULL, err);
    if (!guard_is_on(GUARD_VERSION_LOCK))
        write->version.number++;
    if (code == ERR_OK && write->op != CHANGE_ADD)
        code = read_before(store, write, arena, &before, err);
    if (code != ERR_OK)
        return code;
    if (write->op == CHANGE_UPDATE && book_equal(&before, write->book)) {
        write->version.number--; /* as it was: the bump will be rolled back */
        return ERR_OK;
    }
    if (!was_seen(write, &before))
        return err_set(err, ERR_CHANGED, "This book was changed by somebody else meanwhile.");
    code = change_table(store, write, err);
    if (code != ERR_OK)
        return code;
    *write->change = (struct change){.number = write->version.number, .op = write->op};
    write->change->id = write->book->field[BOOK_ID];
    write->change->before = write->op != CHANGE_ADD ? row_of(&before, arena) : text_of("");
    write->change->after = write->op != CHANGE_DELETE ? row_of(write->book, arena) : text_of("");
    code = insert_change(store, write, err);
    if (code == ERR_CONFLICT) /* never that the ID is taken: that came to light above */
        code = err_set(err, ERR_INTERNAL, "version %llu is in the log already; run `bookshare migrate`",
                       (unsigned long long)write->version.number);
    if (code == ERR_OK && !guard_is_on(GUARD_VERSION_LOCK))
        code = sql_run(store->sql, &bump[write->op], NULL, err);
    return code;
}

/*
 * Finds out on a new connection whether a write was committed on one that was lost. The lock on the version row makes
 * us wait until the server has ended the old transaction one way or the other.
 */
static enum err_code look_up_outcome(struct store *store, const struct write *write, bool *was_committed,
                                     struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text columns[2];
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    if (code == ERR_OK)
        code = sql_run(store->sql, &lock_version, NULL, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, 2, &arena, err);
    sql_done(store->sql);
    sql_add_number(&parameters, write->version.number);
    sql_add_number(&parameters, write->token);
    if (code == ERR_OK)
        code = sql_run(store->sql, &was_logged, &parameters, err);
    if (code == ERR_OK) {
        code = sql_fetch(store->sql, columns, 1, &arena, err);
        *was_committed = code == ERR_OK;
        if (code == ERR_NOT_FOUND)
            code = ERR_OK;
    }
    sql_done(store->sql);
    store_roll_back(store);
    arena_free(&arena);
    return code;
}

enum err_code store_locked_version(struct store *store, struct version *version, struct err *err)
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
    store_roll_back(store);
    arena_free(&arena);
    return code;
}

/* Commits, and finds out what became of it if the connection is lost meanwhile. */
static enum err_code commit(struct store *store, const struct write *write, bool *is_unknown, struct err *err)
{
    struct err why;
    bool was_committed = false;
    enum err_code code = sql_command(store->sql, "COMMIT", err);

    if (code == ERR_OK || sql_is_open(store->sql))
        return code;
    log_warn("MySQL was lost during COMMIT of version %llu; looking for it", (unsigned long long)write->version.number);
    if (look_up_outcome(store, write, &was_committed, &why) != ERR_OK) {
        *is_unknown = true;
        return err_set(err, ERR_UNAVAILABLE, "MySQL was lost during COMMIT, the outcome is not known: %s", why.text);
    }
    return was_committed ? ERR_OK : code;
}

enum err_code store_write(struct store *store, enum change_op op, const struct book *book, struct text seen,
                          struct arena *arena, struct version *version, struct change *change, bool *is_unknown,
                          struct err *err)
{
    struct write write = {.op = op, .book = book, .seen = seen, .change = change};
    enum err_code code = ERR_UNAVAILABLE;

    *is_unknown = false;
    if (getrandom(&write.token, sizeof write.token, 0) != sizeof write.token)
        return err_set(err, ERR_INTERNAL, "no random number: %s", strerror(errno));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        *change = (struct change){0};
        code = store_begin(store, "START TRANSACTION", err);
        if (code != ERR_OK)
            return code;
        code = prepare_write(store, &write, arena, err);
        if (code == ERR_OK && change->number != 0)
            code = commit(store, &write, is_unknown, err);
        else
            store_roll_back(store);
        if (code == ERR_OK || !sql_is_lock_error(store->sql))
            break;
        store_roll_back(store);
    }
    *version = write.version;
    return code;
}

/* Takes a row of the log of changes apart. */
static enum err_code read_change(const struct text *columns, struct change *change, struct err *err)
{
    *change =
        (struct change){.number = text_number(columns[0]), .id = columns[2], .before = columns[3], .after = columns[4]};
    for (int op = CHANGE_ADD; op <= CHANGE_DELETE; op++) {
        if (text_equal_string(columns[1], op_names[op])) {
            change->op = (enum change_op)op;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_INTERNAL, "the log of changes holds an unknown kind of change");
}

enum err_code store_changes(struct store *store, uint64_t after, size_t limit, struct arena *arena,
                            struct change **changes, size_t *count, struct version *version, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct text columns[5];
    enum err_code code = store_begin(store, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", err);

    *count = 0;
    *changes = arena_alloc(arena, limit * sizeof **changes);
    if (code == ERR_OK)
        code = store_read_version(store, version, NULL, err);
    sql_add_number(&parameters, after);
    sql_add_number(&parameters, limit);
    if (code == ERR_OK)
        code = sql_run(store->sql, &read_changes, &parameters, err);
    while (code == ERR_OK && *count < limit) {
        code = sql_fetch(store->sql, columns, 5, arena, err);
        if (code == ERR_OK)
            code = read_change(columns, &(*changes)[*count], err);
        if (code == ERR_OK && (*changes)[*count].number != after + *count + 1)
            code = err_set(err, ERR_CONFLICT, "a change is missing from the log");
        if (code == ERR_OK)
            ++*count;
    }
    sql_done(store->sql);
    store_roll_back(store);
    if (code == ERR_NOT_FOUND) /* all were read */
        code = after + *count == version->number ? ERR_OK : ERR_CONFLICT;
    if (code == ERR_CONFLICT)
        return err_set(err, ERR_NOT_FOUND, "changes after version %llu are missing from the log",
                       (unsigned long long)after);
    return code;
}

/* Runs one statement in a transaction of its own. */
static enum err_code run_alone(struct store *store, const struct sql_statement *statement,
                               const struct sql_parameters *parameters, struct err *err)
{
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    if (code == ERR_OK)
        code = sql_run(store->sql, statement, parameters, err);
    if (code == ERR_OK)
        code = sql_command(store->sql, "COMMIT", err);
    else
        store_roll_back(store);
    return code;
}

enum err_code store_recount(struct store *store, struct err *err)
{
    return run_alone(store, &recount, NULL, err);
}

enum err_code store_new_epoch(struct store *store, struct version seen, uint64_t at_least, struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, at_least);
    sql_add_number(&parameters, seen.epoch);
    sql_add_number(&parameters, seen.number);
    return run_alone(store, &set_epoch, &parameters, err);
}

enum err_code store_correct_count(struct store *store, int64_t difference, struct err *err)
{
    struct sql_parameters parameters = {0};
    const uint64_t size = (uint64_t)(difference < 0 ? -difference : difference);

    sql_add_number(&parameters, size);
    if (difference < 0)
        sql_add_number(&parameters, size);
    return run_alone(store, difference < 0 ? &count_less : &count_more, &parameters, err);
}

enum err_code store_rebuild_lock(struct store *store, struct err *err)
{
    struct arena arena = {0};
    struct text column;
    enum err_code code = sql_read(store->sql, &take_rebuild_lock, NULL, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    sql_done(store->sql);
    if (code == ERR_OK && !text_equal_string(column, "1"))
        code = err_set(err, ERR_CONFLICT, "the cache is being rebuilt by another process");
    store->is_locked = code == ERR_OK;
    arena_free(&arena);
    return code;
}

void store_rebuild_unlock(struct store *store)
{
    struct err ignored;

    if (store->is_locked && sql_is_open(store->sql) &&
        sql_command(store->sql, "DO RELEASE_LOCK(CONCAT('bookshare.rebuild.', DATABASE()))", &ignored) != ERR_OK)
        sql_drop(store->sql);
    store->is_locked = false;
}
