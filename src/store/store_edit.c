#include "store/store_edit.h"

#include "base/limits.h"
#include "store/store_parts.h"
#include "store/store_plain.h"

enum { COLUMNS = 19, CHANGE_COLUMNS = 4 };

/* A running edit whose process has been silent for too long reads as stopped. */
#define IS_SILENT "state = 'running' AND beat_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND"
#define SELECT_EDITS                                                                                                   \
    "SELECT e.edit, e.token, e.actor, e.at, e.kind, e.op, e.field, e.old_text, e.new_text, e.search, e.undoes, "       \
    "e.planned, e.done, e.skipped, IF(" IS_SILENT ", 'stopped', e.state), e.place, e.first_version, e.last_version, "  \
    "(SELECT MAX(u.edit) FROM music_edits AS u WHERE u.undoes = e.edit) FROM music_edits AS e WHERE "

static const struct sql_statement
    add_edit = {"INSERT INTO music_edits (token, actor, at, kind, op, field, old_text, new_text, search, undoes, "
                "planned, state, runner, beat_at) VALUES (?, ?, UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?, ?, ?, 'running', "
                "?, UTC_TIMESTAMP(3))",
                SQL_ONCE},
    added_number = {"SELECT edit FROM music_edits WHERE token = ?", SQL_ONCE},
    lock_edit = {"SELECT op, state = 'running' AND NOT (" IS_SILENT ") FROM music_edits WHERE edit = ? FOR UPDATE",
                 SQL_ONCE},
    stop_edit = {"UPDATE music_edits SET state = 'stopped', runner = 0 WHERE edit = ? AND state = 'running'", SQL_ONCE},
    take_over = {"UPDATE music_edits SET state = 'running', runner = ?, beat_at = UTC_TIMESTAMP(3), "
                 "planned = done + skipped + ? WHERE edit = ? AND (state = 'stopped' OR " IS_SILENT ")",
                 SQL_ONCE},
    end_edit = {"UPDATE music_edits SET state = ? WHERE edit = ? AND runner = ?", SQL_ONCE},
    get_edit = {SELECT_EDITS "e.edit = ?", SQL_ONCE},
    list_edits = {SELECT_EDITS "e.first_version >= ? AND e.first_version > 0 AND e.first_version < ? "
                               "AND (? = 0 OR e.actor = ?) AND (? = 0 OR e.op = ?) "
                               "ORDER BY e.first_version DESC LIMIT ?",
                  SQL_ONCE},
    count_changes = {"SELECT COUNT(*) FROM music_changes WHERE edit = ?", SQL_ONCE},
    read_changes = {"SELECT version, part, row_before, row_after FROM music_changes WHERE edit = ? "
                    "AND version >= ? AND (version > ? OR part > ?) ORDER BY version, part LIMIT ?",
                    SQL_ONCE};

/* An edit to add. */
struct new_edit {
    const struct edit_record *record;
    uint64_t runner;
    struct edit *edit; /* gets what the edit that it undoes did */
};

/* Stops the edit that another one undoes, unless it is running, and finds out what it did. */
static enum err_code stop_undone(struct store *store, const struct new_edit *new, struct err *err)
{
    struct sql_parameters which = {0}, parameters = {0};
    struct arena arena = {0};
    struct text columns[2];
    enum err_code code;

    sql_add_number(&which, LIMIT_EDIT_SILENCE_S);
    sql_add_number(&which, new->edit->undoes);
    code = sql_run(store->sql, &lock_edit, &which, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, 2, &arena, err);
    if (code == ERR_NOT_FOUND)
        code = err_set(err, code, "There is no edit with this number.");
    else if (code == ERR_OK && text_equal_string(columns[1], "1"))
        code = err_set(err, ERR_BUSY, "This edit is still running.");
    else if (code == ERR_OK && !change_op_read(columns[0], &new->edit->undone_op))
        code = err_set(err, ERR_INTERNAL, "the table of edits contains an unknown kind of change");
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    sql_add_number(&parameters, new->edit->undoes);
    return code == ERR_OK ? sql_run(store->sql, &stop_edit, &parameters, err) : code;
}

/* Adds the row of an edit (store_plain_steps). */
static enum err_code insert_edit(struct store *store, const void *of, struct err *err)
{
    const struct new_edit *new = of;
    const struct edit_record *record = new->record;
    const struct edit *edit = new->edit;
    const bool has_field = edit->kind != EDIT_DELETE && edit->kind != EDIT_UNDO;
    struct sql_parameters parameters = {0};
    enum err_code code = edit->kind == EDIT_UNDO ? stop_undone(store, new, err) : ERR_OK;

    sql_add_number(&parameters, record->token);
    sql_add_text(&parameters, record->actor);
    sql_add_text(&parameters, text_from_cstr(edit_kind_name(edit->kind)));
    sql_add_text(&parameters, text_from_cstr(change_op_name(edit_op(edit))));
    sql_add_text(&parameters, text_from_cstr(has_field ? book_fields[edit->field].name : ""));
    sql_add_text(&parameters, edit->old_text);
    sql_add_text(&parameters, edit->new_text);
    sql_add_text(&parameters, record->search);
    sql_add_number(&parameters, edit->kind == EDIT_UNDO ? edit->undoes : 0);
    sql_add_number(&parameters, record->planned);
    sql_add_number(&parameters, new->runner);
    return code == ERR_OK ? sql_run(store->sql, &add_edit, &parameters, err) : code;
}

/* Reads the only value of a statement with one number as its parameter. */
static enum err_code read_number(struct store *store, const struct sql_statement *statement, uint64_t of,
                                 uint64_t *number, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct arena arena = {0};
    struct text column = {"", 0};
    enum err_code code;

    sql_add_number(&parameters, of);
    code = sql_read(store->sql, statement, &parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    code = sql_done(store->sql, code, err);
    *number = text_number(column);
    arena_free(&arena);
    return code;
}

enum err_code store_edit_begin(struct store *store, struct edit_record *record, uint64_t runner, bool *is_old,
                               struct err *err)
{
    const struct new_edit new = {record, runner, &record->edit};
    enum err_code code = store_transact_plain(store, insert_edit, &new, err);

    *is_old = code == ERR_CONFLICT;
    return code == ERR_OK || *is_old ? read_number(store, &added_number, record->token, &record->number, err) : code;
}

enum err_code store_edit_find(struct store *store, uint64_t token, uint64_t *number, struct err *err)
{
    return read_number(store, &added_number, token, number, err);
}

enum err_code store_edit_take_over(struct store *store, uint64_t number, uint64_t runner, uint64_t rest,
                                   struct err *err)
{
    struct sql_parameters parameters = {0};
    uint64_t rows = 0;
    enum err_code code;

    sql_add_number(&parameters, runner);
    sql_add_number(&parameters, rest);
    sql_add_number(&parameters, number);
    sql_add_number(&parameters, LIMIT_EDIT_SILENCE_S);
    code = store_write_alone(store, &take_over, &parameters, &rows, err);
    return code == ERR_OK && rows == 0 ? err_set(err, ERR_BUSY, "This edit is running or done.") : code;
}

enum err_code store_edit_end(struct store *store, uint64_t number, uint64_t runner, enum edit_state state,
                             struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_text(&parameters, text_from_cstr(edit_state_name(state)));
    sql_add_number(&parameters, number);
    sql_add_number(&parameters, runner);
    return store_write_alone(store, &end_edit, &parameters, NULL, err);
}

/* Returns the field that the table names; BOOK_FIELDS: none. */
static enum book_field field_of(struct text name)
{
    return name.len > 0 ? book_field_of(name) : BOOK_FIELDS;
}

static enum err_code fetch_edit(struct store *store, struct arena *arena, struct edit_record *record, struct err *err)
{
    struct text columns[COLUMNS];
    enum change_op op = CHANGE_UPDATE;
    enum err_code code = sql_fetch(store->sql, columns, COLUMNS, arena, err);

    if (code != ERR_OK)
        return code;
    *record = (struct edit_record){.number = text_number(columns[0]),
                                   .token = text_number(columns[1]),
                                   .actor = columns[2],
                                   .at = columns[3],
                                   .edit = {.field = field_of(columns[6]),
                                            .old_text = columns[7],
                                            .new_text = columns[8],
                                            .undoes = text_number(columns[10])},
                                   .search = columns[9],
                                   .planned = text_number(columns[11]),
                                   .done = text_number(columns[12]),
                                   .skipped = text_number(columns[13]),
                                   .state = text_equal_string(columns[14], "running") ? EDIT_RUNNING
                                            : text_equal_string(columns[14], "done")  ? EDIT_DONE
                                                                                      : EDIT_STOPPED,
                                   .place = columns[15],
                                   .first = text_number(columns[16]),
                                   .last = text_number(columns[17]),
                                   .undone_by = text_number(columns[18])};
    if (!edit_kind_read(columns[4], &record->edit.kind) || !change_op_read(columns[5], &op))
        return err_set(err, ERR_INTERNAL, "the table of edits contains an unknown kind");
    record->edit.undone_op = op == CHANGE_ADD ? CHANGE_DELETE : op == CHANGE_DELETE ? CHANGE_ADD : CHANGE_UPDATE;
    return ERR_OK;
}

enum err_code store_edit_get(struct store *store, uint64_t number, struct arena *arena, struct edit_record *record,
                             struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_number(&parameters, LIMIT_EDIT_SILENCE_S);
    sql_add_number(&parameters, number);
    code = sql_read(store->sql, &get_edit, &parameters, err);
    if (code == ERR_OK)
        code = fetch_edit(store, arena, record, err);
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? err_set(err, code, "There is no edit with this number.") : code;
}

enum err_code store_edit_list(struct store *store, const struct history_query *query, uint64_t first, uint64_t end,
                              size_t limit, struct arena *arena, struct edit_record *records, size_t *count,
                              struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    *count = 0;
    sql_add_number(&parameters, LIMIT_EDIT_SILENCE_S);
    sql_add_number(&parameters, first);
    sql_add_number(&parameters, end);
    sql_add_number(&parameters, query->actor.len);
    sql_add_text(&parameters, query->actor);
    sql_add_number(&parameters, query->op != HISTORY_ANY);
    sql_add_text(&parameters,
                 text_from_cstr(query->op != HISTORY_ANY ? change_op_name((enum change_op)query->op) : ""));
    sql_add_number(&parameters, limit);
    code = sql_read(store->sql, &list_edits, &parameters, err);
    while (code == ERR_OK && *count < limit) {
        code = fetch_edit(store, arena, &records[*count], err);
        *count += code == ERR_OK;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code store_edit_count(struct store *store, uint64_t number, uint64_t *count, struct err *err)
{
    return read_number(store, &count_changes, number, count, err);
}

/* Fetches a change of the log as a target of its undo. */
static enum err_code fetch_target(struct store *store, struct arena *arena, struct history_place *place,
                                  struct edit_target *target, struct err *err)
{
    struct book *rows = arena_alloc(arena, 2 * sizeof *rows); /* before and after */
    struct text columns[CHANGE_COLUMNS];
    bool is_there[2];
    enum err_code code = sql_fetch(store->sql, columns, CHANGE_COLUMNS, arena, err);

    if (code != ERR_OK)
        return code;
    for (int i = 0; i < 2; i++)
        is_there[i] = book_row_read(book_row_repair(columns[2 + i], arena), &rows[i], arena);
    *place = (struct history_place){text_number(columns[0]), text_number(columns[1])};
    if (!is_there[0] && !is_there[1])
        return err_set(err, ERR_INTERNAL, "version %llu of the log has a change without a book",
                       (unsigned long long)place->version);
    *target = (struct edit_target){.id = rows[is_there[1] ? 1 : 0].field[BOOK_ID],
                                   .seen = is_there[1] ? book_hash(&rows[1]) : 0,
                                   .wanted = is_there[0] ? &rows[0] : NULL};
    return ERR_OK;
}

enum err_code store_edit_undo_targets(struct store *store, uint64_t number, struct history_place *after, size_t limit,
                                      struct arena *arena, struct edit_target *targets, size_t *count, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    *count = 0;
    sql_add_number(&parameters, number);
    sql_add_number(&parameters, after->version);
    sql_add_number(&parameters, after->version);
    sql_add_number(&parameters, after->part);
    sql_add_number(&parameters, limit);
    code = sql_read(store->sql, &read_changes, &parameters, err);
    while (code == ERR_OK && *count < limit) {
        code = fetch_target(store, arena, after, &targets[*count], err);
        *count += code == ERR_OK;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}
