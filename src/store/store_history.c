/*
 * The part of store that reads the log of changes for people: newest first, page by page, each page from one end of an
 * index (sql/schema.sql), so that neither a long log nor an old page costs more.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_edit.h"
#include "store/store_parts.h"
#include "store/store_plain.h"

enum { COLUMNS = 10, OPS = CHANGE_DELETE + 1 };

/*
 * The index is named, and the edit is given as a range, since MariaDB would read all of `edit = 0` from the end of the
 * index: for a page five million changes back that takes seconds. Of a range it reads the versions of the page alone.
 */
#define SELECT_CHANGES(index)                                                                                          \
    "SELECT c.version, c.part, c.op, c.book_id, c.actor, c.at, c.row_before, c.row_after, c.edit, "                    \
    "m.book_id IS NOT NULL "                                                                                           \
    "FROM music_changes AS c FORCE INDEX (" index ") LEFT JOIN music AS m ON m.book_id = c.book_id WHERE "
#define OF_EDIT(number) "c.edit >= " number " AND c.edit <= " number " AND "
#define IN_PLACE "c.version >= ? AND c.version <= ? AND (c.version < ? OR c.part < ?) ORDER BY "
#define NEWEST_FIRST "c.version DESC, c.part DESC LIMIT ?"
#define NEWEST_OF_EDIT_FIRST "c.edit DESC, " NEWEST_FIRST

static const struct sql_statement
    of_all = {SELECT_CHANGES("by_edit") OF_EDIT("0") IN_PLACE NEWEST_OF_EDIT_FIRST, SQL_ONCE},
    of_edit = {SELECT_CHANGES("by_edit") OF_EDIT("?") IN_PLACE NEWEST_OF_EDIT_FIRST, SQL_ONCE},
    of_book = {SELECT_CHANGES("by_book") "c.book_id = ? AND " IN_PLACE NEWEST_FIRST, SQL_ONCE},
    of_op = {SELECT_CHANGES("by_op") "c.op = ? AND " OF_EDIT("0") IN_PLACE NEWEST_OF_EDIT_FIRST, SQL_ONCE},
    of_actor = {SELECT_CHANGES("by_actor") "c.actor = ? AND c.op = ? AND " OF_EDIT("0") IN_PLACE NEWEST_OF_EDIT_FIRST,
                SQL_ONCE},
    find_ends = {"SELECT MIN(version), MAX(version) FROM music_changes", SQL_ONCE},
    find_time = {"SELECT version, at FROM music_changes WHERE version >= ? ORDER BY version, part LIMIT 1",
                 SLOT_LOG_TIME};

/* The versions that a query may read: a change before `before` whose version is first or later. */
struct range {
    uint64_t first;
    struct history_place before;
};

static enum err_code fetch_entry(struct store *store, struct history_entry *entry, struct arena *arena, struct err *err)
{
    struct text columns[COLUMNS];
    const enum err_code code = sql_fetch(store->sql, columns, COLUMNS, arena, err);

    if (code != ERR_OK)
        return code;
    *entry = (struct history_entry){.place = {text_number(columns[0]), text_number(columns[1])},
                                    .id = columns[3],
                                    .actor = columns[4],
                                    .at = columns[5],
                                    .edit_number = text_number(columns[8]),
                                    .is_there = text_equal_string(columns[9], "1")};
    if (!change_op_read(columns[2], &entry->op))
        return err_set(err, ERR_INTERNAL, "the log of changes contains an unknown kind of change");
    entry->has_before = book_row_read(book_row_repair(columns[6], arena), &entry->before, arena);
    entry->has_after = book_row_read(book_row_repair(columns[7], arena), &entry->after, arena);
    return ERR_OK;
}

/* Reads the changes of one kind, or of any (HISTORY_ANY) that need no other index, and appends them to history. */
static enum err_code read_some(struct store *store, const struct history_query *query, int op,
                               const struct range *range, struct arena *arena, struct history *history, struct err *err)
{
    const struct sql_statement *statement = query->id.len > 0      ? &of_book
                                            : query->edit > 0      ? &of_edit
                                            : query->actor.len > 0 ? &of_actor
                                            : op != HISTORY_ANY    ? &of_op
                                                                   : &of_all;
    struct sql_parameters parameters = {0};
    enum err_code code;

    if (query->id.len > 0)
        sql_add_text(&parameters, query->id);
    if (statement == &of_edit) { /* both ends of the range */
        sql_add_number(&parameters, query->edit);
        sql_add_number(&parameters, query->edit);
    }
    if (statement == &of_actor)
        sql_add_text(&parameters, query->actor);
    if (statement == &of_actor || statement == &of_op)
        sql_add_text(&parameters, text_from_cstr(change_op_name((enum change_op)op)));
    sql_add_number(&parameters, range->first);
    sql_add_number(&parameters, range->before.version);
    sql_add_number(&parameters, range->before.version);
    sql_add_number(&parameters, range->before.part);
    sql_add_number(&parameters, query->limit + 1);
    code = sql_read(store->sql, statement, &parameters, err);
    while (code == ERR_OK) {
        code = fetch_entry(store, &history->entries[history->count], arena, err);
        history->count += code == ERR_OK;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code store_log_find_time(struct store *store, struct text time, bool is_same, uint64_t low, uint64_t high,
                                  uint64_t *found, struct err *err)
{
    struct arena arena = {0};
    enum err_code code = ERR_OK;

    while (code == ERR_OK && low < high) {
        const uint64_t middle = low + (high - low) / 2;
        struct sql_parameters parameters = {0};
        struct text columns[2];
        int order;

        sql_add_number(&parameters, middle);
        code = sql_read(store->sql, &find_time, &parameters, err);
        if (code == ERR_OK)
            code = sql_fetch(store->sql, columns, 2, &arena, err);
        code = sql_done(store->sql, code, err);
        if (code == ERR_NOT_FOUND) { /* there is none from there on */
            high = middle;
            code = ERR_OK;
            continue;
        }
        if (code != ERR_OK)
            break;
        columns[1].len = columns[1].len < time.len ? columns[1].len : time.len;
        order = text_compare(columns[1], time);
        if (order > 0 || (is_same && order == 0))
            high = middle;
        else
            low = text_number(columns[0]) + 1;
        arena_clear(&arena);
    }
    arena_free(&arena);
    *found = low;
    return code;
}

enum err_code store_log_ends(struct store *store, uint64_t *first, uint64_t *last, struct err *err)
{
    struct arena arena = {0};
    struct text ends[2] = {{"", 0}, {"", 0}};
    enum err_code code = sql_read(store->sql, &find_ends, NULL, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, ends, 2, &arena, err);
    code = sql_done(store->sql, code, err);
    *first = text_number(ends[0]);
    *last = text_number(ends[1]);
    arena_free(&arena);
    return code;
}

/*
 * Narrows a range to a day, by bisection: versions are in the order of time. (After a clock was set back, a day has
 * changes of the next one.)
 */
static enum err_code narrow(struct store *store, struct text day, struct range *range, struct err *err)
{
    uint64_t first, last, end = 0;
    enum err_code code = store_log_ends(store, &first, &last, err);

    if (code == ERR_OK)
        code = store_log_find_time(store, day, true, first, last + 1, &range->first, err);
    if (code == ERR_OK)
        code = store_log_find_time(store, day, false, range->first, last + 1, &end, err);
    if (code == ERR_OK && end < range->before.version)
        range->before = (struct history_place){end, 0};
    return code;
}

/* Appends the edits of many books. */
static enum err_code read_edits(struct store *store, const struct history_query *query, const struct range *range,
                                struct arena *arena, struct history *history, struct err *err)
{
    const size_t limit = query->limit + 1;
    const uint64_t end = range->before.version + (range->before.part > 0 ? 1 : 0);
    struct edit_record *records = arena_alloc(arena, limit * sizeof *records);
    size_t count;
    const enum err_code code = store_edit_list(store, query, range->first, end, limit, arena, records, &count, err);

    for (size_t i = 0; code == ERR_OK && i < count; i++)
        history->entries[history->count++] = (struct history_entry){.place = {records[i].first, 0},
                                                                    .edit = &records[i],
                                                                    .edit_number = records[i].number,
                                                                    .op = edit_op(&records[i].edit),
                                                                    .actor = records[i].actor,
                                                                    .at = records[i].at};
    return code;
}

static int compare_places(const void *a, const void *b)
{
    const struct history_place *x = &((const struct history_entry *)a)->place,
                               *y = &((const struct history_entry *)b)->place;

    if (x->version != y->version)
        return x->version < y->version ? 1 : -1;
    return x->part < y->part ? 1 : x->part > y->part ? -1 : 0;
}

enum err_code store_history(struct store *store, const struct history_query *query, struct arena *arena,
                            struct history *history, struct err *err)
{
    const bool is_of_all = query->id.len == 0 && query->edit == 0;
    const bool is_split = is_of_all && query->actor.len > 0 && query->op == HISTORY_ANY;
    struct range range = {.before = query->before};
    enum err_code code = ERR_OK;

    if (range.before.version == 0)
        range.before = (struct history_place){INT64_MAX, 0};
    *history =
        (struct history){.entries = arena_alloc(arena, (OPS + 1) * (query->limit + 2) * sizeof *history->entries)};
    if (query->day.len > 0)
        code = narrow(store, query->day, &range, err);
    for (int op = is_split ? CHANGE_ADD : query->op; code == ERR_OK; op++) { /* an index has them by person and kind */
        code = read_some(store, query, op, &range, arena, history, err);
        if (!is_split || op == CHANGE_DELETE)
            break;
    }
    if (code == ERR_OK && is_of_all)
        code = read_edits(store, query, &range, arena, history, err);
    qsort(history->entries, history->count, sizeof *history->entries, compare_places);
    history->has_more = history->count > query->limit;
    if (history->has_more)
        history->count = query->limit;
    return code;
}
