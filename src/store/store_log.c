/* The part of store that writes the log of changes and reads it for views that are behind. */
#include "base/buf.h"
#include "base/guard.h"
#include "book/history.h"
#include "store/store_parts.h"

enum { LOG_COLUMNS = 9, LOG_ROWS = 100 /* changes per statement */ };

#define LOG_CHANGES(rows)                                                                                              \
    "INSERT INTO music_changes (version, part, op, book_id, actor, at, token, row_before, row_after, edit) "           \
    "VALUES [" rows " (?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?, ?, ?, ?)]"

static const struct sql_statement log_changes[] = {
    {LOG_CHANGES("100"), SLOT_LOG_MANY}, {LOG_CHANGES("10"), SLOT_LOG_SOME}, {LOG_CHANGES("1"), SLOT_LOG}};

static const struct sql_statement
    was_logged = {"SELECT 1 FROM music_changes WHERE version = ? AND token = ? LIMIT 1", SLOT_WAS_LOGGED},
    read_changes = {"SELECT version, part, token, op, book_id, row_before, row_after FROM music_changes "
                    "WHERE (version = ? AND part = 0) OR version > ? ORDER BY version, part LIMIT ?",
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

struct change store_change_of(struct version version, const struct book *before, const struct book *after,
                              struct arena *arena)
{
    return (struct change){
        .version = version,
        .op = before == NULL  ? CHANGE_ADD
              : after == NULL ? CHANGE_DELETE
                              : CHANGE_UPDATE,
        .id = (after != NULL ? after : before)->field[BOOK_ID],
        .before = before != NULL ? row_of(before, arena) : text_from_cstr(""),
        .after = after != NULL ? row_of(after, arena) : text_from_cstr(""),
    };
}

enum err_code store_log(struct store *store, const struct transaction *transaction, const struct change *changes,
                        size_t count, const struct store_source *source, struct err *err)
{
    struct sql_parameter room[LOG_ROWS * LOG_COLUMNS];
    enum err_code code = ERR_OK;

    for (size_t done = 0; code == ERR_OK && done < count;) {
        const struct sql_statement *statement = sql_fitting(log_changes, count - done);
        const size_t end = done + sql_times(statement);
        struct sql_parameters parameters = {.many = room};

        for (; done < end; done++) {
            const struct change *change = &changes[done];

            sql_add_number(&parameters, change->version.number);
            sql_add_number(&parameters, done);
            sql_add_text(&parameters, text_from_cstr(change_op_name(change->op)));
            sql_add_text(&parameters, change->id);
            sql_add_text(&parameters, source->actor);
            sql_add_number(&parameters, transaction->token);
            sql_add_text(&parameters, change->before);
            sql_add_text(&parameters, change->after);
            sql_add_number(&parameters, source->edit);
        }
        code = sql_run(store->sql, statement, &parameters, err);
    }
    if (code == ERR_CONFLICT) /* never a taken ID: the table would have reported that */
        code = err_set(err, ERR_INTERNAL, "version %llu is already in the log; run `bookshare migrate`",
                       (unsigned long long)transaction->to.number);
    return code;
}

enum err_code store_was_logged(struct store *store, const struct transaction *transaction, bool *was, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text column;
    enum err_code code;

    sql_add_number(&parameters, transaction->to.number);
    sql_add_number(&parameters, transaction->token);
    code = sql_run(store->sql, &was_logged, &parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    *was = code == ERR_OK;
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum { BEFORE = 5, AFTER, READ_COLUMNS }; /* the columns of read_changes */

/* The state of reading the log. */
struct reading {
    struct change *changes;
    size_t count;
    struct version at; /* of the last change */
    uint64_t part;     /* next part of that version */
};

/* Parses a row of the log and adds it to the changes. ERR_CONFLICT: it is not the next one. */
static enum err_code add_change(struct reading *reading, const struct text *columns, struct err *err)
{
    struct change *change = &reading->changes[reading->count];
    const struct version version = version_of(reading->at.epoch, text_number(columns[0]), text_number(columns[2]));
    const uint64_t part = text_number(columns[1]);

    *change = (struct change){.version = version, .id = columns[4], .before = columns[5], .after = columns[6]};
    if (!change_op_read(columns[3], &change->op))
        return err_set(err, ERR_INTERNAL, "the log of changes contains an unknown kind of change");
    if (version.number == reading->at.number + 1 && part == 0)
        *reading = (struct reading){reading->changes, reading->count, version, 0};
    else if (!version_equal(version, reading->at) || part != reading->part)
        return err_set(err, ERR_CONFLICT, "a change is missing from the log");
    reading->part++;
    reading->count++;
    return ERR_OK;
}

/*
 * Checks the change that made the starting version, unless the table is at that version. ERR_CONFLICT: the log has a
 * different change there, or none.
 */
static enum err_code look_at_first(struct store *store, const struct reading *reading, struct version version,
                                   struct arena *arena, struct err *err)
{
    struct text columns[READ_COLUMNS];
    struct version first;
    enum err_code code;

    if (reading->at.number == 0) /* no change made it */
        return ERR_OK;
    code = sql_fetch(store->sql, columns, READ_COLUMNS, arena, err);
    if (code != ERR_OK || version_equal(reading->at, version))
        return code;
    first = version_of(reading->at.epoch, text_number(columns[0]), text_number(columns[2]));
    return version_equal(reading->at, first) ? ERR_OK
                                             : err_set(err, ERR_CONFLICT, "the table was never at this version");
}

/* Drops the last version, which may be incomplete. ERR_CONFLICT: there is no other. */
static enum err_code leave_last_out(struct reading *reading, struct err *err)
{
    while (reading->count > 0 && version_equal(reading->changes[reading->count - 1].version, reading->at))
        reading->count--;
    return reading->count > 0 ? ERR_OK : err_set(err, ERR_CONFLICT, "a version has too many changes");
}

/* Reads the changes after reading->at, up to the version of the table. ERR_CONFLICT: some are not available. */
static enum err_code read_log(struct store *store, struct reading *reading, size_t limit, struct version version,
                              struct arena *arena, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct text columns[READ_COLUMNS];
    enum err_code code;

    sql_add_number(&parameters, reading->at.number);
    sql_add_number(&parameters, reading->at.number);
    sql_add_number(&parameters, limit + 2); /* the one before, and one more than requested */
    code = sql_run(store->sql, &read_changes, &parameters, err);
    if (code == ERR_OK)
        code = look_at_first(store, reading, version, arena, err);
    while (code == ERR_OK && reading->count <= limit) {
        code = sql_fetch(store->sql, columns, READ_COLUMNS, arena, err);
        for (size_t i = BEFORE; code == ERR_OK && i <= AFTER; i++) /* triggers log edits that bypass the application */
            columns[i] = book_row_repair(columns[i], arena);
        if (code == ERR_OK)
            code = add_change(reading, columns, err);
    }
    code = sql_done(store->sql, code, err);
    if (code == ERR_NOT_FOUND) /* all rows were read */
        return version_equal(reading->at, version) ? ERR_OK : ERR_CONFLICT;
    return code == ERR_OK && guard_is_on(GUARD_WHOLE) ? leave_last_out(reading, err) : code;
}

enum err_code store_changes(struct store *store, struct version after, size_t limit, struct arena *arena,
                            struct change **changes, size_t *count, struct version *version, struct err *err)
{
    struct reading reading = {.changes = arena_alloc(arena, (limit + 1) * sizeof **changes), .at = after};
    enum err_code code = store_begin(store, STORE_SNAPSHOT, err);

    if (code == ERR_OK)
        code = store_read_version(store, version, NULL, err);
    if (code == ERR_OK)
        code = version->epoch == after.epoch && version_covers(*version, after)
                   ? read_log(store, &reading, limit, *version, arena, err)
                   : ERR_CONFLICT;
    store_roll_back(store);
    *changes = reading.changes;
    *count = reading.count;
    if (code == ERR_CONFLICT)
        return err_set(err, ERR_NOT_FOUND, "no changes of the log lead from version %s to %s",
                       version_text(after).string, version_text(*version).string);
    return code;
}
