/*
 * The part of store that writes many books at once. It reads the existing ones in large portions and writes new and
 * replaced books the same way. The rows and the gaps between them are locked, so it remains known which are new.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

enum { PORTION = 100 /* books per statement */ };

#define FIND_BOOKS "SELECT {columns} FROM music WHERE book_id IN ([100 ?])"
#define PUT_BOOKS(rows)                                                                                                \
    "INSERT INTO music ({columns}) VALUES [" rows " ({values})] ON DUPLICATE KEY UPDATE {replacements}"

static const struct sql_statement find_books = {FIND_BOOKS, SLOT_FIND_MANY},
                                  find_books_for_update = {FIND_BOOKS " FOR UPDATE", SLOT_FIND_MANY_FOR_UPDATE};

static const struct sql_statement put_books[] = {
    {PUT_BOOKS("100"), SLOT_PUT_MANY}, {PUT_BOOKS("10"), SLOT_PUT_SOME}, {PUT_BOOKS("1"), SLOT_PUT}};

/* A book of the batch. */
struct entry {
    const struct book *book;
    size_t place;              /* in the batch */
    const struct book *stored; /* the existing book with its ID; NULL: none */
};

/* A running batch. */
struct bulk {
    struct batch *batch;
    struct text actor;
    struct entry *entries; /* sorted by ID; those with the same ID in the order of the batch */
    struct change *changes;
    const struct book **changed; /* the new book for each change */
    size_t count;                /* number of changes */
    size_t added;                /* number of these */
    struct arena *arena;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const int order = text_compare(x->book->field[BOOK_ID], y->book->field[BOOK_ID]);

    return order != 0 ? order : x->place < y->place ? -1 : 1;
}

static void sort_entries(struct bulk *bulk)
{
    const struct batch *batch = bulk->batch;

    bulk->entries = arena_alloc(bulk->arena, (batch->count + 1) * sizeof *bulk->entries);
    for (size_t i = 0; i < batch->count; i++)
        bulk->entries[i] = (struct entry){&batch->books[i], i, NULL};
    qsort(bulk->entries, batch->count, sizeof *bulk->entries, compare_entries);
}

/* Returns the place of the first of count sorted IDs that equals id; count if there is none. */
static size_t place_of(const struct text *ids, size_t count, struct text id)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (text_compare(ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && text_equal(ids[low], id) ? low : count;
}

/* Fetches the books that a statement found. */
static enum err_code fetch_stored(struct store *store, const struct text *ids, size_t count, struct arena *arena,
                                  const struct book **stored, struct err *err)
{
    enum err_code code;
    struct book found;

    while ((code = store_fetch_book(store, arena, &found, err)) == ERR_OK) {
        struct book *book = arena_alloc(arena, sizeof *book);
        const size_t place =
            place_of(ids, count, text_trim(found.field[BOOK_ID])); /* the server ignores trailing blanks */

        *book = found;
        if (place < count)
            stored[place] = book;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code store_find_many(struct store *store, const struct text *ids, size_t count, bool is_for_update,
                              struct arena *arena, const struct book **stored, struct err *err)
{
    enum err_code code = ERR_OK;

    for (size_t i = 0; i < count; i++) /* an earlier attempt may have found others */
        stored[i] = NULL;
    for (size_t done = 0; code == ERR_OK && done < count; done += PORTION) {
        struct sql_parameter room[PORTION];
        struct sql_parameters parameters = {.many = room};

        for (size_t i = done; i < done + PORTION; i++) /* the last ID fills the rest of the statement */
            sql_add_text(&parameters, ids[i < count ? i : count - 1]);
        code = is_for_update ? sql_run(store->sql, &find_books_for_update, &parameters, err)
                             : sql_read(store->sql, &find_books, &parameters, err);
        if (code == ERR_OK)
            code = fetch_stored(store, ids, count, arena, stored, err);
    }
    return code;
}

/* Reads the existing books into the first entry with their ID. */
static enum err_code find_stored(struct store *store, struct bulk *bulk, bool is_for_update, struct err *err)
{
    const size_t count = bulk->batch->count;
    struct text *ids = arena_alloc(bulk->arena, (count + 1) * sizeof *ids);
    const struct book **stored = arena_alloc(bulk->arena, (count + 1) * sizeof *stored);
    enum err_code code;

    for (size_t i = 0; i < count; i++)
        ids[i] = bulk->entries[i].book->field[BOOK_ID];
    code = store_find_many(store, ids, count, is_for_update, bulk->arena, stored, err);
    for (size_t i = 0; i < count; i++)
        bulk->entries[i].stored = stored[i];
    return code;
}

/* Returns the result for a book, given the existing one, if any. */
static enum batch_outcome outcome_of(const struct batch *batch, const struct book *there, const struct book *book)
{
    if (there == NULL)
        return BATCH_ADDED;
    if (book_equal(there, book))
        return BATCH_UNCHANGED;
    return batch->replaces ? BATCH_REPLACED : BATCH_TAKEN;
}

static void note_change(struct bulk *bulk, struct version version, const struct book *before, const struct book *after)
{
    if (after == before || (before != NULL && book_equal(before, after)))
        return;
    bulk->added += before == NULL ? 1 : 0;
    bulk->changed[bulk->count] = after;
    bulk->changes[bulk->count++] = store_change_of(version, before, after, bulk->arena);
}

/* Decides the result for each book and collects the changes, at most one for each ID. */
static void decide(struct bulk *bulk, struct version version)
{
    struct batch *batch = bulk->batch;
    struct entry *entry = bulk->entries, *end = entry + batch->count;

    bulk->changes = arena_alloc(bulk->arena, (batch->count + 1) * sizeof *bulk->changes);
    bulk->changed = arena_alloc(bulk->arena, (batch->count + 1) * sizeof *bulk->changed);
    bulk->count = bulk->added = 0;
    while (entry < end) {
        const struct book *before = entry->stored, *there = before;
        const struct text id = entry->book->field[BOOK_ID];

        for (; entry < end && text_equal(entry->book->field[BOOK_ID], id); entry++) {
            const enum batch_outcome outcome = outcome_of(batch, there, entry->book);

            batch->outcome[entry->place] = outcome;
            if (outcome == BATCH_ADDED || outcome == BATCH_REPLACED)
                there = entry->book;
        }
        note_change(bulk, version, before, there);
    }
}

enum err_code store_put_many(struct store *store, const struct book *const *books, size_t count, struct err *err)
{
    struct sql_parameter room[PORTION * BOOK_FIELDS];
    enum err_code code = ERR_OK;

    for (size_t done = 0; code == ERR_OK && done < count;) {
        const struct sql_statement *statement = sql_fitting(put_books, count - done);
        const size_t end = done + sql_times(statement);
        struct sql_parameters parameters = {.many = room};

        for (; done < end; done++)
            for (int field = 0; field < BOOK_FIELDS; field++)
                sql_add_text(&parameters, books[done]->field[field]);
        code = sql_run(store->sql, statement, &parameters, err);
    }
    return code;
}

/* Changes the table and logs the changes (store_steps). */
static enum err_code prepare_batch(struct store *store, struct transaction *transaction, void *of, struct err *err)
{
    struct bulk *bulk = of;
    enum err_code code = find_stored(store, bulk, true, err);

    if (code != ERR_OK)
        return code;
    decide(bulk, transaction->to);
    transaction->is_empty = bulk->count == 0;
    if (transaction->is_empty)
        return ERR_OK;
    transaction->added = (int64_t)bulk->added;
    code = store_put_many(store, bulk->changed, bulk->count, err);
    if (code != ERR_OK)
        return code;
    return store_log(store, transaction, bulk->changes, bulk->count, &(struct store_source){.actor = bulk->actor}, err);
}

enum err_code store_write_batch(struct store *store, const struct write *write, struct arena *arena,
                                struct written *written, struct err *err)
{
    struct bulk bulk = {.batch = write->batch, .actor = write->actor, .arena = arena};
    struct transaction transaction;
    enum err_code code;

    sort_entries(&bulk);
    code = store_transact(store, prepare_batch, &bulk, &transaction, err);
    store_note_written(&transaction, bulk.changes, bulk.count, written);
    return code;
}

enum err_code store_try_many(struct store *store, struct batch *batch, struct arena *arena, struct err *err)
{
    struct bulk bulk = {.batch = batch, .arena = arena};
    enum err_code code;

    sort_entries(&bulk);
    code = find_stored(store, &bulk, false, err);
    if (code == ERR_OK)
        decide(&bulk, (struct version){0});
    return code;
}

enum err_code store_get_many(struct store *store, const struct text *ids, size_t count, struct arena *arena,
                             const struct book **books, struct err *err)
{
    return store_find_many(store, ids, count, false, arena, books, err);
}
