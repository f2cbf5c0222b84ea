/* The part of store that keeps the log of changes: writes it, and reads it for whoever is behind. */
#include "base/buf.h"
#include "base/guard.h"
#include "catalogue/store_parts.h"

enum { LOG_COLUMNS = 8, LOG_ROWS = 100 /* of one statement */ };

#define LOG_CHANGES(rows)                                                                                              \
    "INSERT INTO music_changes (version, part, op, book_id, actor, at, token, row_before, row_after) "                 \
    "VALUES [" rows " (?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?, ?, ?)]"

static const char *const op_names[] = {[CHANGE_ADD] = "add", [CHANGE_UPDATE] = "update", [CHANGE_DELETE] = "delete"};

static const struct sql_statement log_changes[] = {
    {LOG_CHANGES("100"), SLOT_LOG_MANY}, {LOG_CHANGES("10"), SLOT_LOG_SOME}, {LOG_CHANGES("1"), SLOT_LOG}};

static const struct sql_statement
    was_logged = {"SELECT 1 FROM music_changes WHERE version = ? AND token = ? LIMIT 1", SLOT_WAS_LOGGED},
    read_changes = {"SELECT version, part, op, book_id, row_before, row_after FROM music_changes WHERE version > ? "
                    "ORDER BY version, part LIMIT ?",
                    SLOT_CHANGES};

static struct text row_of(const struct book *book, struct arena *arena)
{
    struct buf row = {0};
    struct text text;

    book_row_write(&row, book);
    text = (struct text){arena_copy(arena, row.at, row.len), row.len};
    buf_free(&row);
    return text;
}

struct change store_change_of(uint64_t number, const struct book *before, const struct book *after, struct arena *arena)
{
    return (struct change){
        .number = number,
        .op = before == NULL  ? CHANGE_ADD
              : after == NULL ? CHANGE_DELETE
                              : CHANGE_UPDATE,
        .id = (after != NULL ? after : before)->field[BOOK_ID],
        .before = before != NULL ? row_of(before, arena) : text_of(""),
        .after = after != NULL ? row_of(after, arena) : text_of(""),
    };
}

enum err_code store_log(struct store *store, const struct transaction *transaction, const struct change *changes,
                        size_t count, const char *actor, struct err *err)
{
    struct sql_parameter room[LOG_ROWS * LOG_COLUMNS];
    enum err_code code = ERR_OK;

    for (size_t done = 0; code == ERR_OK && done < count;) {
        const struct sql_statement *statement = sql_fitting(log_changes, count - done);
        const size_t end = done + sql_times(statement);
        struct sql_parameters parameters = {.many = room};

        for (; done < end; done++) {
            const struct change *change = &changes[done];

            sql_add_number(&parameters, change->number);
            sql_add_number(&parameters, done);
            sql_add_text(&parameters, text_of(op_names[change->op]));
            sql_add_text(&parameters, change->id);
            sql_add_text(&parameters, text_of(actor));
            sql_add_number(&parameters, transaction->token);
            sql_add_text(&parameters, change->before);
            sql_add_text(&parameters, change->after);
        }
        code = sql_run(store->sql, statement, &parameters, err);
    }
    if (code == ERR_CONFLICT) /* never that an ID is taken: that came to light in the table */
        code = err_set(err, ERR_INTERNAL, "version %llu is in the log already; run `bookshare migrate`",
                       (unsigned long long)transaction->version.number);
    return code;
}

enum err_code store_was_logged(struct store *store, const struct transaction *transaction, bool *was, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text column;
    enum err_code code;

    sql_add_number(&parameters, transaction->version.number);
    sql_add_number(&parameters, transaction->token);
    code = sql_run(store->sql, &was_logged, &parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    sql_done(store->sql);
    arena_free(&arena);
    *was = code == ERR_OK;
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* What was read of the log. */
struct reading {
    struct change *changes;
    size_t count;
    uint64_t number; /* version of the last one */
    uint64_t part;   /* within it, that comes next */
};

/* Takes a row of the log apart, and adds it to what was read. ERR_CONFLICT: it does not follow. */
static enum err_code add_change(struct reading *reading, const struct text *columns, struct err *err)
{
    struct change *change = &reading->changes[reading->count];
    const uint64_t part = text_number(columns[1]);
    int op = CHANGE_ADD;

    *change =
        (struct change){.number = text_number(columns[0]), .id = columns[3], .before = columns[4], .after = columns[5]};
    while (op <= CHANGE_DELETE && !text_equal_string(columns[2], op_names[op]))
        op++;
    if (op > CHANGE_DELETE)
        return err_set(err, ERR_INTERNAL, "the log of changes holds an unknown kind of change");
    change->op = (enum change_op)op;
    if (change->number == reading->number + 1 && part == 0)
        *reading = (struct reading){reading->changes, reading->count, change->number, 0};
    else if (change->number != reading->number || part != reading->part)
        return err_set(err, ERR_CONFLICT, "a change is missing from the log");
    reading->part++;
    reading->count++;
    return ERR_OK;
}

/* Leaves the last version out, which may not have been read to its end. ERR_CONFLICT: there is no other. */
static enum err_code leave_last_out(struct reading *reading, struct err *err)
{
    while (reading->count > 0 && reading->changes[reading->count - 1].number == reading->number)
        reading->count--;
    return reading->count > 0 ? ERR_OK : err_set(err, ERR_CONFLICT, "a version has more changes than it may have");
}

enum err_code store_changes(struct store *store, uint64_t after, size_t limit, struct arena *arena,
                            struct change **changes, size_t *count, struct version *version, struct err *err)
{
    struct reading reading = {.changes = arena_alloc(arena, (limit + 1) * sizeof **changes), .number = after};
    struct sql_parameters parameters = {0};
    struct text columns[6];
    enum err_code code = store_begin(store, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", err);

    if (code == ERR_OK)
        code = store_read_version(store, version, NULL, err);
    sql_add_number(&parameters, after);
    sql_add_number(&parameters, limit + 1);
    if (code == ERR_OK)
        code = sql_run(store->sql, &read_changes, &parameters, err);
    while (code == ERR_OK && reading.count <= limit) {
        code = sql_fetch(store->sql, columns, 6, arena, err);
        if (code == ERR_OK)
            code = add_change(&reading, columns, err);
    }
    sql_done(store->sql);
    store_roll_back(store);
    if (code == ERR_NOT_FOUND) /* all were read */
        code = reading.number == version->number ? ERR_OK : ERR_CONFLICT;
    else if (code == ERR_OK && guard_is_on(GUARD_WHOLE))
        code = leave_last_out(&reading, err);
    *changes = reading.changes;
    *count = reading.count;
    if (code == ERR_CONFLICT)
        return err_set(err, ERR_NOT_FOUND, "changes after version %llu are missing from the log",
                       (unsigned long long)after);
    return code;
}
