/* The part of store that writes a slice of an edit: changes the books that are as they were seen, and notes how many.
 */
#include "store/store_parts.h"
#include "store/store_plain.h"

enum { PORTION = 100 /* books per statement */ };

static const struct sql_statement
    delete_books = {"DELETE FROM music WHERE book_id IN ([100 ?])", SLOT_DELETE_MANY},
    note_slice = {"UPDATE music_edits SET done = done + ?, skipped = skipped + ?, place = ?, "
                  "beat_at = UTC_TIMESTAMP(3), first_version = IF(first_version = 0, ?, first_version), "
                  "last_version = GREATEST(last_version, ?) WHERE edit = ? AND runner = ? AND state = 'running'",
                  SLOT_NOTE_SLICE};

/* A slice that is being written. */
struct slice {
    struct edit_slice *what;
    struct text actor;
    struct text *ids;            /* one per target */
    const struct book **stored;  /* the same; NULL: there is none */
    struct change *changes;      /* at most one per target */
    const struct book **written; /* the books to write; */
    size_t writes;
    struct text *deleted; /* the IDs of those to delete */
    size_t deletes, count;
    struct arena *arena;
};

/* Decides what to do with a book. Returns false if it is no longer as it was seen. */
static bool decide_one(struct slice *slice, const struct edit_target *target, const struct book *stored,
                       const struct book **after)
{
    const struct edit *edit = slice->what->edit;
    struct book *book;

    if ((stored == NULL) != (target->seen == 0) || (stored != NULL && book_hash(stored) != target->seen))
        return false;
    *after = target->wanted;
    if (edit->kind != EDIT_UNDO && edit->kind != EDIT_DELETE) {
        *after = book = arena_alloc(slice->arena, sizeof *book);
        edit_apply(edit, stored, book, slice->arena);
    }
    return true;
}

static void decide(struct slice *slice, struct version version)
{
    struct edit_slice *what = slice->what;

    slice->writes = slice->deletes = slice->count = 0;
    what->skipped = 0;
    for (size_t i = 0; i < what->count; i++) {
        const struct book *stored = slice->stored[i], *after = NULL;

        if (!decide_one(slice, &what->targets[i], stored, &after)) {
            what->skipped++;
            continue;
        }
        if (stored == after || (stored != NULL && after != NULL && book_equal(stored, after)))
            continue;
        if (after != NULL)
            slice->written[slice->writes++] = after;
        else
            slice->deleted[slice->deletes++] = stored->field[BOOK_ID];
        slice->changes[slice->count++] = store_change_of(version, stored, after, slice->arena);
    }
    what->changed = slice->count;
}

static enum err_code delete_many(struct store *store, const struct text *ids, size_t count, struct err *err)
{
    enum err_code code = ERR_OK;

    for (size_t done = 0; code == ERR_OK && done < count; done += PORTION) {
        struct sql_parameter room[PORTION];
        struct sql_parameters parameters = {.many = room};

        for (size_t i = done; i < done + PORTION; i++) /* the last ID fills the rest of the statement */
            sql_add_text(&parameters, ids[i < count ? i : count - 1]);
        code = sql_run(store->sql, &delete_books, &parameters, err);
    }
    return code;
}

/* Notes a slice in the row of its edit. version: that it makes; 0: none. */
static enum err_code note(struct store *store, const struct edit_slice *what, uint64_t version, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_number(&parameters, what->changed);
    sql_add_number(&parameters, what->skipped);
    sql_add_text(&parameters, what->place);
    sql_add_number(&parameters, version);
    sql_add_number(&parameters, version);
    sql_add_number(&parameters, what->number);
    sql_add_number(&parameters, what->runner);
    code = sql_run(store->sql, &note_slice, &parameters, err);
    return code == ERR_OK && sql_affected(store->sql) == 0
               ? err_set(err, ERR_CHANGED, "edit %llu has been stopped or taken over", (unsigned long long)what->number)
               : code;
}

/* Changes the table and logs the changes (store_steps). */
static enum err_code prepare_slice(struct store *store, struct transaction *transaction, void *of, struct err *err)
{
    struct slice *slice = of;
    enum err_code code = store_find_many(store, slice->ids, slice->what->count, true, slice->arena, slice->stored, err);

    if (code != ERR_OK)
        return code;
    decide(slice, transaction->to);
    transaction->is_empty = slice->count == 0;
    if (transaction->is_empty)
        return ERR_OK;
    for (size_t i = 0; i < slice->count; i++)
        transaction->added +=
            (slice->changes[i].op == CHANGE_ADD ? 1 : 0) - (slice->changes[i].op == CHANGE_DELETE ? 1 : 0);
    code = store_put_many(store, slice->written, slice->writes, err);
    if (code == ERR_OK)
        code = delete_many(store, slice->deleted, slice->deletes, err);
    if (code == ERR_OK)
        code = note(store, slice->what, transaction->to.number, err);
    if (code != ERR_OK)
        return code;
    return store_log(store, transaction, slice->changes, slice->count,
                     &(struct store_source){slice->actor, slice->what->number}, err);
}

/* Notes a slice that changes nothing. */
static enum err_code note_alone(struct store *store, const void *of, struct err *err)
{
    return note(store, of, 0, err);
}

enum err_code store_write_slice(struct store *store, const struct write *write, struct arena *arena,
                                struct written *written, struct err *err)
{
    struct edit_slice *what = write->slice;
    const size_t room = what->count + 1;
    struct slice slice = {.what = what,
                          .actor = write->actor,
                          .ids = arena_alloc(arena, room * sizeof *slice.ids),
                          .stored = arena_alloc(arena, room * sizeof *slice.stored),
                          .changes = arena_alloc(arena, room * sizeof *slice.changes),
                          .written = arena_alloc(arena, room * sizeof *slice.written),
                          .deleted = arena_alloc(arena, room * sizeof *slice.deleted),
                          .arena = arena};
    struct transaction transaction;
    enum err_code code;

    for (size_t i = 0; i < what->count; i++)
        slice.ids[i] = what->targets[i].id;
    code = store_transact(store, prepare_slice, &slice, &transaction, err);
    if (code == ERR_OK && transaction.is_empty)
        code = store_transact_plain(store, note_alone, what, err);
    store_note_written(&transaction, slice.changes, slice.count, written);
    return code;
}
