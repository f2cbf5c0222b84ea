#include "web/book_forms.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/limits.h"
#include "base/log.h"
#include "book/book_id.h"
#include "book/book_merge.h"
#include "book/query_parameters.h"
#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/flash.h"
#include "web/list.h"
#include "web/once.h"

enum { MERGES_MOST = 5 }; /* merges with concurrent changes before the user must submit again */

/* Reads the page to return to after a write from a form. */
static struct query back_of_form(struct exchange *exchange)
{
    struct query back;

    query_read_back(parameters_get(&exchange->request.form, "back"), exchange->arena, &back);
    return back;
}

/* Reads the page to return to from the URL of a form. */
static struct query back_of_address(struct exchange *exchange)
{
    struct query back;

    return query_read(&exchange->request.query, exchange->arena, &back) == NULL ? back : query_whole;
}

/* Returns whether the user came from the page of the book. */
static bool is_from_book(const struct parameters *parameters)
{
    return text_equal_string(parameters_get(parameters, "back"), LINK_BACK_TO_BOOK);
}

/* Responds with the form of a book. */
static void show_form(struct exchange *exchange, int status, const struct html_form *form)
{
    const struct html_frame frame =
        exchange_frame(exchange, form->is_update ? "Update a book" : "Add a book", form->is_update ? "" : "add");

    response_header(exchange->response, "Cache-Control", "no-store");
    if (status == 503)
        response_header(exchange->response, "Retry-After", "%d", LIMIT_RETRY_AFTER_S);
    exchange_page(exchange, status,
                  html_form(exchange->app->html, &frame, form, &exchange->response->body, &exchange->err));
}

/* Reads the fields of a book from the submitted form. */
static void read_book(const struct exchange *exchange, struct book *book)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        book->field[i] = parameters_get(&exchange->request.form, book_fields[i].name);
}

/* Returns what to do after a write whose outcome is unknown. */
static const char *unknown_outcome(const struct exchange *exchange)
{
    return exchange->once.len > 0 ? "The connection to the database was lost while saving. Your input is kept: please "
                                    "submit the form again in a few seconds. It is not saved twice."
                                  : "The connection to the database was lost while saving. Please check whether your "
                                    "changes were saved before you submit the form again.";
}

/* Responds to a failed write: with the form and its input if the user can fix the problem. */
static void refuse_form(struct exchange *exchange, struct html_form *form, struct book_faults *faults,
                        enum err_code code, bool is_unknown)
{
    form->faults = faults;
    if (code == ERR_CONFLICT) {
        faults->text[BOOK_ID] = "A book with this ID already exists.";
        form->error = "This ID is in use. Please choose another one.";
        show_form(exchange, 409, form);
    } else if (code == ERR_UNAVAILABLE && !request_wants_json(&exchange->request)) {
        form->error = is_unknown ? unknown_outcome(exchange)
                                 : "The database does not respond, and nothing was saved. Your input is kept: please "
                                   "submit the form again in a few seconds.";
        log_warn("%s", exchange->err.text);
        show_form(exchange, 503, form);
    } else {
        exchange_fail(exchange, code);
    }
}

/* Responds with the form and the errors in its fields. */
static void refuse_fields(struct exchange *exchange, struct html_form *form, const struct book_faults *faults)
{
    form->faults = faults;
    form->error = faults->count == 1 ? "Please correct one field. Nothing has been saved yet."
                                     : "Please correct the marked fields. Nothing has been saved yet.";
    show_form(exchange, 422, form);
}

/* Responds to a form under whose key another one was written: with the form, so that it can be sent as a new one. */
static void refuse_reused(struct exchange *exchange, struct html_form *form, const struct deed *deed)
{
    once_renew(exchange);
    form->error = arena_format(exchange->arena,
                               "You have sent this form before, with other input, and that was saved as the book %.*s. "
                               "To save this input, too, submit the form again.",
                               (int)deed->id.len, deed->id.at);
    show_form(exchange, 409, form);
}

/* Copies what repeats in a row of books from the one that the URL names: it was added just before. */
static enum err_code take_likeness(struct exchange *exchange, struct book *book)
{
    static const enum book_field fields[] = {BOOK_CATEGORY, BOOK_AUTHORS, BOOK_PUBLISHER};
    const struct text id = parameters_get(&exchange->request.query, LINK_LIKE);
    struct book like;
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(id))
        code = catalogue_get(exchange->app->catalogue, id, exchange->arena, &like, &exchange->err);
    if (code == ERR_OK)
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            book->field[fields[i]] = like.field[fields[i]];
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

void add_form_show(struct exchange *exchange)
{
    struct book book = {0};
    const struct html_form form = {.book = &book, .back = back_of_address(exchange)};
    const enum err_code code = take_likeness(exchange, &book);

    if (code == ERR_OK)
        show_form(exchange, 200, &form);
    else
        exchange_fail(exchange, code);
}

/* Makes an ID for a book. */
static struct text make_id(struct exchange *exchange, const struct book *book)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        log_warn("cannot get random bytes: %s", strerror(errno));
    return book_id_make(exchange->arena, book->field[BOOK_TITLE], random);
}

/* Adds a book, with an ID that is made for it if makes_id. */
static enum err_code add_book(struct exchange *exchange, struct book *book, bool makes_id, struct written *written)
{
    const struct write write = {.op = CHANGE_ADD, .book = book};
    enum err_code code = exchange_write(exchange, &write, written);

    for (int attempt = 1; makes_id && code == ERR_CONFLICT && attempt < LIMIT_MADE_IDS; attempt++) {
        book->field[BOOK_ID] = make_id(exchange, book);
        code = exchange_write(exchange, &write, written);
    }
    return code;
}

void add_form_send(struct exchange *exchange)
{
    struct book book;
    struct book_faults faults;
    struct html_form form = {.book = &book, .back = back_of_form(exchange)};
    struct written written;
    bool makes_id, is_valid;
    enum err_code code = ERR_INVALID;

    read_book(exchange, &book);
    makes_id = text_trim(book.field[BOOK_ID]).len == 0;
    if (makes_id)
        book.field[BOOK_ID] = make_id(exchange, &book);
    is_valid = book_check(&book, &faults, exchange->arena);
    if (is_valid)
        code = add_book(exchange, &book, makes_id, &written);
    if (makes_id && code != ERR_OK)
        book.field[BOOK_ID] = text_from_cstr(NULL);
    if (!is_valid) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    if (code == ERR_REUSED) {
        refuse_reused(exchange, &form, &written.deed);
        return;
    }
    if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, written.is_unknown);
        return;
    }
    flash_give(exchange, "added", written.deed.id, 0);
    exchange_go_on(exchange, text_equal_string(parameters_get(&exchange->request.form, "then"), "add")
                                 ? link_add_like(exchange->arena, &form.back, written.deed.id)
                                 : link_row(exchange->arena, &form.back, written.deed.id));
}

/* Finds the book in the path. Responds and returns false if there is none. */
static bool find_book(struct exchange *exchange, struct book *book)
{
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, book, &exchange->err);
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

void update_form_show(struct exchange *exchange)
{
    struct book book;
    struct html_form form = {.is_update = true,
                             .book = &book,
                             .base = &book,
                             .back = back_of_address(exchange),
                             .is_of_page = is_from_book(&exchange->request.query)};

    if (find_book(exchange, &book))
        show_form(exchange, 200, &form);
}

/* A submitted update form. */
struct update {
    struct book typed;  /* the submitted fields */
    struct book wanted; /* the same, with the answers to the questions */
    struct book base;   /* the stored book as the user last saw it */
    bool has_base;      /* false: unknown, so nothing is compared */
    struct html_change changes[BOOK_FIELDS];
    int asked; /* fields */
};

/* Returns the parameter of a field with this prefix. */
static struct text field_parameter(const struct exchange *exchange, const char *before, int field, bool *is_there)
{
    const char *name = arena_format(exchange->arena, "%s_%s", before, book_fields[field].name);

    *is_there = parameters_has(&exchange->request.form, name);
    return parameters_get(&exchange->request.form, name);
}

static void read_update(const struct exchange *exchange, struct update *update)
{
    *update = (struct update){0};
    read_book(exchange, &update->typed);
    update->typed.field[BOOK_ID] = update->base.field[BOOK_ID] = exchange->rest; /* the ID never changes */
    update->wanted = update->typed;
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++) {
        struct html_change *change = &update->changes[i];
        struct text take;
        bool is_there;

        update->base.field[i] = field_parameter(exchange, "base", i, &is_there);
        update->has_base = update->has_base || is_there;
        change->before = field_parameter(exchange, "before", i, &change->is_asked);
        if (!change->is_asked)
            continue;
        take = field_parameter(exchange, "take", i, &is_there);
        change->keeps_mine = text_equal_string(take, "mine");
        change->takes_theirs = text_equal_string(take, "theirs");
        if (change->takes_theirs)
            update->wanted.field[i] = update->base.field[i];
        update->asked++;
    }
}

/* Checks the book to write, and that every question has an answer. */
static bool check_update(struct exchange *exchange, struct update *update, struct book_faults *faults)
{
    book_check(&update->wanted, faults, exchange->arena);
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++) {
        const struct html_change *change = &update->changes[i];

        if (!change->is_asked || change->keeps_mine || change->takes_theirs)
            continue;
        faults->count += faults->text[i] == NULL;
        faults->text[i] = "Please choose one of the two.";
    }
    return faults->count == 0;
}

/* Returns the tag of a book, in the arena. */
static struct text tag_of(const struct exchange *exchange, const struct book *book)
{
    char *tag = arena_alloc(exchange->arena, BOOK_TAG_SIZE);

    book_tag(book, tag);
    return text_from_cstr(tag);
}

/*
 * Turns a submitted update into a form as if opened now: now becomes its base, conflicting fields become questions, and
 * the other fields are those of merged.
 */
static void begin_again(struct update *update, const struct book *now, const struct book *merged,
                        const bool collides[BOOK_FIELDS])
{
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++) {
        const bool is_theirs =
            text_equal(merged->field[i], now->field[i]) && !text_equal(merged->field[i], update->wanted.field[i]);

        update->changes[i] =
            (struct html_change){.is_asked = collides[i], .is_taken = is_theirs, .before = update->base.field[i]};
    }
    update->base = *now;
    update->typed = *merged;
}

/*
 * Writes an update. If someone else has changed the book since the form was opened, merges both changes if possible, at
 * most MERGES_MOST times. ERR_CHANGED: the user must resolve conflicts in the form in update. ERR_REUSED: they must
 * send it again, since it was sent before with other input.
 */
static enum err_code write_update(struct exchange *exchange, struct update *update, struct written *written)
{
    struct book book = update->wanted;
    struct write write = {.op = CHANGE_UPDATE, .book = &book, .note = "updated"};
    enum err_code code;

    if (update->has_base)
        write.seen = tag_of(exchange, &update->base);
    code = exchange_write(exchange, &write, written);
    for (int merges = 0; code == ERR_CHANGED || (code == ERR_REUSED && update->has_base); merges++) {
        const enum err_code why = code;
        struct book now;
        bool collides[BOOK_FIELDS];

        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, &now, &exchange->err);
        if (code != ERR_OK)
            return code;
        if (book_merge(&update->base, &update->wanted, &now, &book, collides) > 0 || merges == MERGES_MOST ||
            why == ERR_REUSED) {
            begin_again(update, &now, &book, collides);
            return why;
        }
        write.note = "merged";
        write.seen = tag_of(exchange, &now);
        code = exchange_write(exchange, &write, written);
    }
    return code;
}

/*
 * Responds to an update of a book that was deleted since the form was opened: with the form to add it, and its input.
 */
static void show_deleted(struct exchange *exchange, const struct html_form *form)
{
    struct html_form again = *form;

    again.is_update = false;
    again.base = NULL;
    again.changes = NULL;
    again.error =
        "Someone else has deleted this book since you opened it. Your input is kept: you can add the book again.";
    show_form(exchange, 409, &again);
}

void update_form_send(struct exchange *exchange)
{
    struct update update;
    struct book_faults faults;
    struct html_form form = {.is_update = true,
                             .book = &update.typed,
                             .back = back_of_form(exchange),
                             .is_of_page = is_from_book(&exchange->request.form)};
    struct written written;
    enum err_code code;

    if (!book_id_valid(exchange->rest)) {
        exchange_fail(exchange, ERR_NOT_FOUND);
        return;
    }
    read_update(exchange, &update);
    form.base = update.has_base ? &update.base : NULL;
    form.changes = update.asked > 0 ? update.changes : NULL;
    if (!check_update(exchange, &update, &faults)) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    code = write_update(exchange, &update, &written);
    if (code == ERR_CHANGED) {
        form.changes = update.changes;
        show_form(exchange, 409, &form);
    } else if (code == ERR_REUSED) {
        form.changes = update.has_base ? update.changes : NULL;
        refuse_reused(exchange, &form, &written.deed);
    } else if (code == ERR_NOT_FOUND && update.has_base) {
        show_deleted(exchange, &form);
    } else if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, written.is_unknown);
    } else {
        flash_give(exchange, text_equal_string(written.deed.note, "merged") ? "merged" : "updated", exchange->rest,
                   written.deed.is_change ? written.deed.version : 0);
        exchange_go_on(exchange, form.is_of_page ? link_book_page(exchange->arena, exchange->rest)
                                                 : link_row(exchange->arena, &form.back, exchange->rest));
    }
}

void delete_form_show(struct exchange *exchange)
{
    struct book book;
    struct html_delete delete = {
        .book = &book, .back = back_of_address(exchange), .is_of_page = is_from_book(&exchange->request.query)};
    struct html_frame frame;

    if (!find_book(exchange, &book))
        return;
    if (!delete.is_of_page)
        delete.neighbour = list_neighbour(exchange, &delete.back, exchange->rest);
    frame = exchange_frame(exchange, "Delete a book", "");
    response_header(exchange->response, "Cache-Control", "no-store");
    exchange_page(exchange, 200,
                  html_delete(exchange->app->html, &frame, &delete, &exchange->response->body, &exchange->err));
}

void delete_form_send(struct exchange *exchange)
{
    struct book book = {.field[BOOK_ID] = exchange->rest};
    const struct query back = back_of_form(exchange);
    const struct text neighbour = parameters_get(&exchange->request.form, "neighbour");
    struct written written;
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = exchange_write(exchange, &(struct write){.op = CHANGE_DELETE, .book = &book}, &written);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    flash_give(exchange, "deleted", exchange->rest, written.deed.version);
    exchange_go_on(exchange, book_id_valid(neighbour) ? link_row(exchange->arena, &back, neighbour)
                                                      : link_list(exchange->arena, &back));
}
