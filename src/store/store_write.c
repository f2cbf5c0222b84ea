/*
 * The writing half of store: changes of one book, and other changes of the version row. The protocol is described in
 * docs/consistency.md.
 */
#include "base/guard.h"
#include "store/store.h"
#include "store/store_parts.h"
#include "store/store_sent.h"

/*
 * Lock names are global to the server, so they contain the database, and MySQL allows 64 characters, which DATABASE()
 * alone may use up.
 */
#define REBUILD_LOCK "CONCAT('bookshare.rebuild.', LEFT(SHA2(DATABASE(), 256), 32))"

static const struct sql_statement
    read_for_update = {"SELECT {columns} FROM music WHERE book_id = ? FOR UPDATE", SLOT_GET_FOR_UPDATE},
    add_book = {"INSERT INTO music ({columns}) VALUES ({values})", SLOT_ADD},
    update_book = {"UPDATE music SET {changes} WHERE book_id = ?", SLOT_UPDATE},
    delete_book = {"DELETE FROM music WHERE book_id = ?", SLOT_DELETE},
    set_epoch = {"UPDATE music_version SET epoch = GREATEST(epoch + 1, ?, "
                 "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)) WHERE epoch = ? AND version = ?",
                 SLOT_EPOCH},
    recount = {"UPDATE music_version SET epoch = GREATEST(epoch + 1, "
               "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)), books = (SELECT COUNT(*) FROM music)",
               SLOT_RECOUNT},
    count_more = {"UPDATE music_version SET books = books + ?", SLOT_COUNT_MORE},
    count_less = {"UPDATE music_version SET books = IF(books > ?, books - ?, 0)", SLOT_COUNT_LESS},
    take_rebuild_lock = {"SELECT GET_LOCK(" REBUILD_LOCK ", 0)", SLOT_REBUILD_LOCK};

/* A running write of one book. */
struct one {
    const struct write *write;
    struct arena *arena;
    struct change *change; /* in the arena */
};

/* Reads the row to change. */
static enum err_code read_before(struct store *store, const struct one *one, struct book *before, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_text(&parameters, one->write->book->field[BOOK_ID]);
    code = sql_run(store->sql, &read_for_update, &parameters, err);
    if (code == ERR_OK)
        code = store_fetch_book(store, one->arena, before, err);
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? err_set(err, code, "no book with this ID") : code;
}

/* Returns whether the stored book is the one that the caller has seen. */
static bool was_seen(const struct write *write, const struct book *before)
{
    char tag[BOOK_TAG_SIZE];

    if (write->op == CHANGE_ADD || write->seen.len == 0)
        return true;
    book_tag(before, tag);
    return text_equal_string(write->seen, tag);
}

enum err_code store_change_table(struct store *store, enum change_op op, const struct book *book, struct err *err)
{
    static const struct sql_statement *const statements[] = {
        [CHANGE_ADD] = &add_book, [CHANGE_UPDATE] = &update_book, [CHANGE_DELETE] = &delete_book};
    struct sql_parameters parameters = {0};

    if (op == CHANGE_ADD)
        sql_add_text(&parameters, book->field[BOOK_ID]);
    if (op != CHANGE_DELETE)
        for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++)
            sql_add_text(&parameters, book->field[i]);
    if (op != CHANGE_ADD)
        sql_add_text(&parameters, book->field[BOOK_ID]);
    return sql_run(store->sql, statements[op], &parameters, err);
}

static bool has_key(const struct write *write)
{
    return write->key.key.len > 0 && guard_is_on(GUARD_KEY);
}

/* Changes the table and logs the change (store_steps). The key comes first: a repeated request does nothing else. */
static enum err_code prepare_write(struct store *store, struct transaction *transaction, void *of, struct err *err)
{
    static const int added[] = {[CHANGE_ADD] = 1, [CHANGE_UPDATE] = 0, [CHANGE_DELETE] = -1};
    const struct one *one = of;
    const struct write *write = one->write;
    struct book before = {0};
    enum err_code code = ERR_OK;

    transaction->is_noted = has_key(write);
    if (transaction->is_noted)
        code = store_sent_add(store, transaction, write, err);
    if (code == ERR_OK && write->op != CHANGE_ADD)
        code = read_before(store, one, &before, err);
    if (code != ERR_OK)
        return code;
    transaction->is_empty = write->op == CHANGE_UPDATE && book_equal(&before, write->book);
    if (transaction->is_empty)
        return transaction->is_noted ? store_sent_empty(store, transaction, write, err) : ERR_OK;
    if (!was_seen(write, &before))
        return err_set(err, ERR_CHANGED, "Someone else has changed this book.");
    code = store_change_table(store, write->op, write->book, err);
    if (code != ERR_OK)
        return code;
    transaction->added = added[write->op];
    *one->change = store_change_of(transaction->to, write->op != CHANGE_ADD ? &before : NULL,
                                   write->op != CHANGE_DELETE ? write->book : NULL, one->arena);
    return store_log(store, transaction, one->change, 1, &(struct store_source){.actor = write->actor}, err);
}

static enum err_code write_one(struct store *store, const struct write *write, struct arena *arena,
                               struct written *written, struct err *err)
{
    struct one one = {write, arena, arena_alloc(arena, sizeof(struct change))};
    struct transaction transaction;
    enum err_code code = store_transact(store, prepare_write, &one, &transaction, err);

    if (code == ERR_REUSED)
        return store_repeat(store, &write->key, arena, written, err);
    store_note_written(&transaction, one.change, 1, written);
    written->deed = (struct deed){.id = write->book->field[BOOK_ID],
                                  .op = write->op,
                                  .note = text_from_cstr(write->note),
                                  .version = written->to.number,
                                  .is_change = code == ERR_OK && written->count > 0};
    return code;
}

enum err_code store_write(struct store *store, const struct write *write, struct arena *arena, struct written *written,
                          struct err *err)
{
    if (write->slice != NULL)
        return store_write_slice(store, write, arena, written, err);
    return write->batch != NULL ? store_write_batch(store, write, arena, written, err)
                                : write_one(store, write, arena, written, err);
}

/* Ends a transaction of one statement. */
static enum err_code finish_alone(struct store *store, enum err_code code, struct err *err)
{
    if (code == ERR_OK)
        return sql_commit(store->sql, err);
    store_roll_back(store);
    return code;
}

enum err_code store_recount(struct store *store, struct err *err)
{
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    if (code == ERR_OK)
        code = sql_run(store->sql, &recount, NULL, err);
    return finish_alone(store, code, err);
}

enum err_code store_new_epoch(struct store *store, struct version seen, uint64_t at_least, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    sql_add_number(&parameters, at_least);
    sql_add_number(&parameters, seen.epoch);
    sql_add_number(&parameters, seen.number);
    if (code == ERR_OK)
        code = sql_run(store->sql, &set_epoch, &parameters, err);
    return finish_alone(store, code, err);
}

enum err_code store_correct_count(struct store *store, int64_t difference, struct err *err)
{
    const uint64_t size = (uint64_t)(difference < 0 ? -difference : difference);
    struct sql_parameters parameters = {0};
    enum err_code code = store_begin(store, "START TRANSACTION", err);

    sql_add_number(&parameters, size);
    if (difference < 0)
        sql_add_number(&parameters, size);
    if (code == ERR_OK)
        code = sql_run(store->sql, difference < 0 ? &count_less : &count_more, &parameters, err);
    return finish_alone(store, code, err);
}

enum err_code store_rebuild_lock(struct store *store, struct err *err)
{
    struct arena arena = {0};
    struct text column = {"", 0};
    enum err_code code = sql_read(store->sql, &take_rebuild_lock, NULL, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    code = sql_done(store->sql, code, err);
    if (code == ERR_OK && !text_equal_string(column, "1"))
        code = err_set(err, ERR_CONFLICT, "another process is rebuilding the cache");
    store->is_locked = code == ERR_OK;
    arena_free(&arena);
    return code;
}

void store_rebuild_unlock(struct store *store)
{
    struct err ignored;

    if (store->is_locked && sql_is_open(store->sql) &&
        sql_command(store->sql, "DO RELEASE_LOCK(" REBUILD_LOCK ")", &ignored) != ERR_OK)
        sql_drop(store->sql);
    store->is_locked = false;
}
