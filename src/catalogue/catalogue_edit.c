#include "catalogue/catalogue_edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "book/query_parameters.h"
#include "catalogue/catalogue_parts.h"
#include "store/store_edit.h"

/* ---- Planning */

static struct book copy_of(struct arena *arena, const struct book *book)
{
    struct book copy;

    for (int i = 0; i < BOOK_FIELDS; i++)
        copy.field[i] = text_copy(arena, book->field[i]);
    return copy;
}

/* Adds a book to the samples of a plan, if there is room. */
static void add_sample(struct edit_plan *plan, struct edit_sample *samples, size_t *count, const struct book *before,
                       const struct book *after, const char *fault)
{
    if (*count == LIMIT_EDIT_SAMPLES)
        return;
    samples[(*count)++] =
        (struct edit_sample){.before = copy_of(&plan->arena, before),
                             .after = copy_of(&plan->arena, after),
                             .fault = fault != NULL ? arena_copy(&plan->arena, fault, strlen(fault)) : NULL};
}

/* Adds a book to those to change. */
static void add_target(struct edit_plan *plan, const struct book *book)
{
    const uint64_t seen = book_hash(book);

    if (plan->changes == plan->room) {
        plan->room = plan->room > 0 ? 2 * plan->room : 256;
        plan->targets = mem_grow(plan->targets, plan->room * sizeof *plan->targets);
    }
    plan->targets[plan->changes++] =
        (struct edit_target){.id = text_copy(&plan->arena, book->field[BOOK_ID]), .seen = seen};
    plan->sum += seen;
}

/* Looks at a book that the wish is about. */
static void plan_book(struct edit_plan *plan, const struct book *book)
{
    const struct edit *edit = &plan->wish.edit;
    struct book after = {0};
    struct book_faults faults = {0};
    const struct edit_record *goes_on = plan->wish.goes_on;

    if (goes_on != NULL && text_compare(book->field[BOOK_ID], goes_on->place) <= 0)
        return;
    plan->found++;
    if (edit->kind != EDIT_DELETE) {
        edit_apply(edit, book, &after, &plan->scratch);
        if (book_equal(book, &after)) {
            plan->unchanged++;
            return;
        }
        book_check(&after, &faults, &plan->scratch);
    }
    if (faults.text[edit->field] != NULL) {
        plan->refused++;
        add_sample(plan, plan->faults, &plan->fault_count, book, &after,
                   arena_format(&plan->scratch, "%s: %s", book_fields[edit->field].label, faults.text[edit->field]));
        return;
    }
    add_sample(plan, plan->samples, &plan->sample_count, book, &after, NULL);
    add_target(plan, book);
}

/* The callbacks of catalogue_each(). */
static enum err_code begin(void *context, uint64_t total, struct version version, struct err *err)
{
    (void)context;
    (void)version;
    return total <= LIMIT_EDIT_BOOKS
               ? ERR_OK
               : err_set(err, ERR_INVALID, "At most %d books can be changed at once.", LIMIT_EDIT_BOOKS);
}

static enum err_code visit(void *context, const struct book *book, struct err *err)
{
    struct edit_plan *plan = context;

    (void)err;
    plan_book(plan, book);
    arena_clear(&plan->scratch);
    return ERR_OK;
}

/* Returns the query for all books of a wish, in the order of IDs, and adds its text, as edit_record.search has it. */
static struct query query_of(const struct edit_wish *wish, struct buf *search)
{
    struct query query = *wish->query;

    query_order_by(&query, BOOK_ID, false);
    query.wants_facets = false;
    query.is_best_first = query.search.len > 0; /* the usual order: not in the text */
    query.offset = 0;
    query.limit = LIMIT_PAGE_ROWS;
    query.hidden = 0;
    query.after = text_from_cstr("");
    buf_add_char(search, '?');
    query_write(search, &query);
    query.is_best_first = false; /* slices, and what is left of them, are in the order of IDs */
    return query;
}

static enum err_code plan_query(struct catalogue *catalogue, struct edit_plan *plan, struct err *err)
{
    const struct query query = query_of(&plan->wish, &plan->search);

    return catalogue_each(catalogue, &query, begin, visit, plan, err);
}

static int compare_texts(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static enum err_code plan_ids(struct catalogue *catalogue, struct edit_plan *plan, struct err *err)
{
    const size_t count = plan->wish.id_count;
    struct text *ids = arena_alloc(&plan->arena, (count + 1) * sizeof *ids);
    const struct book **books = arena_alloc(&plan->arena, (count + 1) * sizeof *books);
    enum err_code code;

    if (count > LIMIT_EDIT_IDS)
        return err_set(err, ERR_INVALID, "At most %d books can be named one by one.", LIMIT_EDIT_IDS);
    for (size_t i = 0; i < count; i++)
        ids[i] = plan->wish.ids[i];
    qsort(ids, count, sizeof *ids, compare_texts);
    code = store_get_many(catalogue->store, ids, count, &plan->arena, books, err);
    for (size_t i = 0; code == ERR_OK && i < count; i++)
        if (books[i] != NULL && (i == 0 || !text_equal(ids[i], ids[i - 1])))
            plan_book(plan, books[i]);
    return code;
}

/* Parses a place in the log, as edit_record.place has it. */
static struct history_place read_place(struct text place)
{
    const struct text version = text_split(&place, '-');

    return (struct history_place){text_number(version), text_number(place)};
}

/* Plans an undo. Its targets are read while it runs. */
static enum err_code plan_undo(struct catalogue *catalogue, struct edit_plan *plan, struct err *err)
{
    struct edit *edit = &plan->wish.edit;
    const struct edit_record *goes_on = plan->wish.goes_on;
    struct edit_record undone;
    uint64_t past;
    enum err_code code = store_edit_get(catalogue->store, edit->undoes, &plan->arena, &undone, err);

    if (code != ERR_OK)
        return code;
    edit->undone_op = edit_op(&undone.edit);
    code = store_edit_count(catalogue->store, edit->undoes, &plan->changes, err);
    past = goes_on != NULL ? goes_on->done + goes_on->skipped : 0;
    plan->changes = plan->changes > past ? plan->changes - past : 0;
    plan->found = plan->changes;
    return code;
}

enum err_code catalogue_edit_plan(struct catalogue *catalogue, const struct edit_wish *wish, struct edit_plan *plan,
                                  struct err *err)
{
    *plan = (struct edit_plan){.wish = *wish};
    if (wish->edit.kind == EDIT_UNDO)
        return plan_undo(catalogue, plan, err);
    return wish->query != NULL ? plan_query(catalogue, plan, err) : plan_ids(catalogue, plan, err);
}

enum err_code catalogue_edit_again(const struct edit_record *record, struct query *query, struct edit_wish *wish,
                                   struct arena *arena, struct err *err)
{
    struct parameters parameters;
    struct text search = record->search;

    *wish = (struct edit_wish){.edit = record->edit, .query = query, .goes_on = record};
    if (record->state == EDIT_RUNNING)
        return err_set(err, ERR_BUSY, "This edit is still running.");
    if (record->state == EDIT_DONE)
        return err_set(err, ERR_INVALID, "This edit is done.");
    if (record->edit.kind == EDIT_UNDO)
        return ERR_OK;
    if (search.len == 0)
        return err_set(err, ERR_INVALID, "This edit cannot go on, since its books were named one by one.");
    text_split(&search, '?');
    if (!parameters_read(&parameters, search, arena) || query_read(&parameters, arena, query) != NULL)
        return err_set(err, ERR_INTERNAL, "edit %llu has no valid search", (unsigned long long)record->number);
    return ERR_OK;
}

bool catalogue_edit_is_of(const struct edit_record *record, const struct edit_wish *wish)
{
    const struct edit *a = &record->edit, *b = &wish->edit;
    const bool has_field = a->kind != EDIT_DELETE && a->kind != EDIT_UNDO;
    struct buf search = {0};
    bool is_same = a->kind == b->kind && a->undoes == b->undoes && (!has_field || a->field == b->field) &&
                   text_equal(a->old_text, b->old_text) && text_equal(a->new_text, b->new_text);

    if (is_same && wish->query != NULL && a->kind != EDIT_UNDO) {
        query_of(wish, &search);
        is_same = text_equal(record->search, (struct text){search.at, search.len});
    }
    buf_free(&search);
    return is_same;
}

void edit_plan_free(struct edit_plan *plan)
{
    free(plan->targets);
    buf_free(&plan->search);
    arena_free(&plan->arena);
    arena_free(&plan->scratch);
}

/* ---- Running */

enum err_code catalogue_edit_token(uint64_t *token, struct err *err)
{
    if (getrandom(token, sizeof *token, 0) != sizeof *token)
        return err_set(err, ERR_INTERNAL, "cannot get random bytes: %s", strerror(errno));
    *token >>= 64 - VERSION_TOKEN_BITS; /* text_number() reads no more */
    *token += *token == 0;
    return ERR_OK;
}

enum err_code catalogue_edit_start(struct catalogue *catalogue, const struct edit_plan *plan, uint64_t token,
                                   struct text actor, struct edit_run *run, struct err *err)
{
    const struct edit_record *goes_on = plan->wish.goes_on;
    enum err_code code = catalogue_edit_token(&run->runner, err);

    run->is_old = false;
    if (code != ERR_OK)
        return code;
    if (goes_on != NULL) {
        run->record = *goes_on;
        run->record.planned = goes_on->done + goes_on->skipped + plan->changes;
        return store_edit_take_over(catalogue->store, goes_on->number, run->runner, plan->changes, err);
    }
    run->record = (struct edit_record){.token = token,
                                       .edit = plan->wish.edit,
                                       .search = {plan->search.at, plan->search.len},
                                       .actor = actor,
                                       .planned = plan->changes,
                                       .place = {"", 0}};
    return store_edit_begin(catalogue->store, &run->record, run->runner, &run->is_old, err);
}

static int compare_targets(const void *a, const void *b)
{
    return text_compare(((const struct edit_target *)a)->id, ((const struct edit_target *)b)->id);
}

/* Finds the next slice of at most most books, after this run has done some. */
static enum err_code next_slice(struct catalogue *catalogue, const struct edit_plan *plan, struct edit_run *run,
                                uint64_t done, size_t most, struct edit_slice *slice, struct edit_target *room,
                                struct arena *arena, struct err *err)
{
    struct history_place place;
    enum err_code code;

    if (plan->wish.edit.kind != EDIT_UNDO) {
        slice->count = plan->changes - done < most ? (size_t)(plan->changes - done) : most;
        slice->targets = plan->targets + done;
        if (slice->count > 0)
            slice->place = slice->targets[slice->count - 1].id;
        return ERR_OK;
    }
    place = read_place(run->record.place);
    code = store_edit_undo_targets(catalogue->store, plan->wish.edit.undoes, &place, most, arena, room, &slice->count,
                                   err);
    qsort(room, slice->count, sizeof *room, compare_targets);
    slice->targets = room;
    slice->place = text_from_cstr(
        arena_format(arena, "%llu-%llu", (unsigned long long)place.version, (unsigned long long)place.part));
    return code;
}

/* Writes all slices. place: holds run->record.place. */
static enum err_code write_slices(struct catalogue *catalogue, const struct edit_plan *plan, struct edit_run *run,
                                  size_t most, catalogue_edit_hook *hook, void *context, struct buf *place,
                                  struct err *err)
{
    struct arena arena = {0};
    struct edit_target room[BATCH_BOOKS];
    uint64_t done = 0;
    bool goes_on = true;
    enum err_code code = ERR_OK;

    run->record.state = EDIT_RUNNING;
    while (code == ERR_OK && goes_on) {
        struct edit_slice slice = {.number = run->record.number, .runner = run->runner, .edit = &plan->wish.edit};
        struct written written;

        code = next_slice(catalogue, plan, run, done, most, &slice, room, &arena, err);
        if (code != ERR_OK || slice.count == 0)
            break;
        code = catalogue_write(catalogue, &(struct write){.slice = &slice, .actor = run->record.actor}, &arena,
                               &written, err);
        if (code == ERR_OK) {
            done += slice.count;
            run->record.done += slice.changed;
            run->record.skipped += slice.skipped;
            buf_clear(place);
            buf_add(place, slice.place.at, slice.place.len);
            run->record.place = (struct text){place->at, place->len};
            goes_on = hook == NULL || hook(context, done, plan->changes);
        }
        arena_clear(&arena);
    }
    run->record.state = code == ERR_OK && (goes_on || done >= plan->changes) ? EDIT_DONE : EDIT_STOPPED;
    arena_free(&arena);
    return code;
}

enum err_code catalogue_edit_run(struct catalogue *catalogue, const struct edit_plan *plan, struct edit_run *run,
                                 size_t slice, catalogue_edit_hook *hook, void *context, struct err *err)
{
    struct buf place = {0};
    struct err why;
    enum err_code code, noted;

    buf_add(&place, run->record.place.at, run->record.place.len);
    run->record.place = (struct text){place.at, place.len};
    code = write_slices(catalogue, plan, run, slice, hook, context, &place, err);
    catalogue_settle(catalogue);
    noted = store_edit_end(catalogue->store, run->record.number, run->runner, run->record.state, &why);
    if (noted != ERR_OK) /* it reads as stopped after a while */
        log_warn("cannot note the end of edit %llu: %s", (unsigned long long)run->record.number, why.text);
    run->record.place = text_from_cstr("");
    buf_free(&place);
    return code;
}

enum err_code catalogue_edit_find(struct catalogue *catalogue, uint64_t token, uint64_t *number, struct err *err)
{
    return store_edit_find(catalogue->store, token, number, err);
}

enum err_code catalogue_edit_get(struct catalogue *catalogue, uint64_t number, struct arena *arena,
                                 struct edit_record *record, struct err *err)
{
    return store_edit_get(catalogue->store, number, arena, record, err);
}
