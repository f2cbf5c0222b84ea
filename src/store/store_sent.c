#include "store/store_sent.h"

#include "base/limits.h"
#include "store/store_parts.h"

static const struct sql_statement
    add_sent = {"INSERT INTO music_sent (sent_key, request, op, book_id, version, note, sent_at) "
                "VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP())",
                SLOT_ADD_SENT},
    empty_sent = {"UPDATE music_sent SET op = NULL, version = ? WHERE sent_key = ?", SLOT_EMPTY_SENT},
    prune_sent = {"DELETE FROM music_sent WHERE sent_at < UTC_TIMESTAMP() - INTERVAL ? SECOND "
                  "ORDER BY sent_at, sent_key LIMIT ?",
                  SLOT_PRUNE_SENT},
    find_sent = {"SELECT request, op, book_id, version, note FROM music_sent WHERE sent_key = ?", SLOT_FIND_SENT};

enum { COLUMNS = 5 };

enum err_code store_sent_add(struct store *store, const struct transaction *transaction, const struct write *write,
                             struct err *err)
{
    struct sql_parameters add = {0}, prune = {0};
    enum err_code code;

    sql_add_text(&add, write->key.key);
    sql_add_text(&add, write->key.request);
    sql_add_text(&add, text_from_cstr(change_op_name(write->op)));
    sql_add_text(&add, write->book->field[BOOK_ID]);
    sql_add_number(&add, transaction->to.number);
    sql_add_text(&add, text_from_cstr(write->note));
    code = sql_run(store->sql, &add_sent, &add, err);
    if (code == ERR_CONFLICT)
        return err_set(err, ERR_REUSED, "This request was sent before, and has been done.");
    sql_add_number(&prune, LIMIT_KEY_S);
    sql_add_number(&prune, LIMIT_KEY_PRUNE);
    return code == ERR_OK ? sql_run(store->sql, &prune_sent, &prune, err) : code;
}

enum err_code store_sent_empty(struct store *store, const struct transaction *transaction, const struct write *write,
                               struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, transaction->from.number);
    sql_add_text(&parameters, write->key.key);
    return sql_run(store->sql, &empty_sent, &parameters, err);
}

/* Reads what was done under a key. ERR_REUSED: something else than this request wants. */
static enum err_code find(struct store *store, const struct write_key *key, struct arena *arena, struct deed *deed,
                          struct err *err)
{
    struct sql_parameters parameters = {0};
    struct text columns[COLUMNS];
    enum err_code code;

    sql_add_text(&parameters, key->key);
    code = sql_read(store->sql, &find_sent, &parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, COLUMNS, arena, err);
    code = sql_done(store->sql, code, err);
    if (code != ERR_OK)
        return code == ERR_NOT_FOUND ? err_set(err, code, "no request with this key was written") : code;
    *deed =
        (struct deed){.id = columns[2], .version = text_number(columns[3]), .note = columns[4], .is_repeated = true};
    deed->is_change = change_op_read(columns[1], &deed->op);
    return text_equal(columns[0], key->request)
               ? ERR_OK
               : err_set(err, ERR_REUSED, "Another request with this key has been done already.");
}

enum err_code store_repeat(struct store *store, const struct write_key *key, struct arena *arena,
                           struct written *written, struct err *err)
{
    struct deed deed;
    enum err_code code = find(store, key, arena, &deed, err);

    *written = (struct written){0};
    if (code == ERR_OK || code == ERR_REUSED)
        written->deed = deed;
    if (code != ERR_OK)
        return code;
    code = store_version(store, &written->to, err);
    written->from = written->to;
    return code;
}
