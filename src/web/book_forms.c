#include "web/book_forms.h"

#include "base/limits.h"
#include "base/log.h"
#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/done.h"
#include "web/query_parameters.h"

/* Reads where to come back to after a write from a form. */
static struct query back_of_form(struct exchange *exchange)
{
    struct query back;

    query_read_back(request_parameter(&exchange->request.form, "back"), exchange->arena, &back);
    return back;
}

/* Reads where to come back to from the address of a form. */
static struct query back_of_address(struct exchange *exchange)
{
    struct query back;

    return query_read(&exchange->request.query, exchange->arena, &back) == NULL ? back : link_whole;
}

/* Answers with the form of a book. */
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

/* Takes the fields of a book from the form that was sent. */
static void read_book(const struct exchange *exchange, struct book *book)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        book->field[i] = request_parameter(&exchange->request.form, book_fields[i].name);
}

/* Answers a write that failed; with the form again, every input kept, where the user can do something about it. */
static void refuse_form(struct exchange *exchange, struct html_form *form, struct book_faults *faults,
                        enum err_code code, bool is_unknown)
{
    form->faults = faults;
    if (code == ERR_CONFLICT) {
        faults->text[BOOK_ID] = "There is a book with this ID already.";
        form->error = "This ID is taken. Please choose another.";
        show_form(exchange, 409, form);
    } else if (code == ERR_UNAVAILABLE && !request_wants_json(&exchange->request)) {
        form->error = is_unknown
                          ? "The database went away while it saved this. Please look whether it was saved before "
                            "you send the form again."
                          : "The database does not answer, and nothing was saved. Your entries are kept: please "
                            "send the form again in a few seconds.";
        log_warn("%s", exchange->err.text);
        show_form(exchange, 503, form);
    } else {
        exchange_fail(exchange, code);
    }
}

/* Answers with the form again because of what is wrong in its fields. */
static void refuse_fields(struct exchange *exchange, struct html_form *form, const struct book_faults *faults)
{
    form->faults = faults;
    form->error = faults->count == 1 ? "One field needs a change. Nothing has been saved yet."
                                     : "Some fields need a change. Nothing has been saved yet.";
    show_form(exchange, 422, form);
}

void add_form_show(struct exchange *exchange)
{
    const struct book book = {0};
    const struct html_form form = {.book = &book, .back = back_of_address(exchange)};

    show_form(exchange, 200, &form);
}

void add_form_send(struct exchange *exchange)
{
    struct book book;
    struct book_faults faults;
    struct html_form form = {.book = &book, .back = back_of_form(exchange)};
    bool is_unknown;
    enum err_code code;

    read_book(exchange, &book);
    if (!book_check(&book, &faults, exchange->arena)) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    code = exchange_write(exchange, CHANGE_ADD, &book, text_of(NULL), &is_unknown);
    if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, is_unknown);
        return;
    }
    done_give(exchange, "added", book.field[BOOK_ID]);
    response_see_other(exchange->response, link_list(exchange->arena, &form.back));
}

/* Finds the book that the path names. Answers and returns false if there is none. */
static bool find_book(struct exchange *exchange, struct book *book)
{
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, book, &exchange->err);
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

/* Returns the tag of a book, in the arena. */
static struct text tag_of(const struct exchange *exchange, const struct book *book)
{
    char *tag = arena_alloc(exchange->arena, BOOK_TAG_SIZE);

    book_tag(book, tag);
    return text_of(tag);
}

void update_form_show(struct exchange *exchange)
{
    struct book book;
    struct html_form form = {.is_update = true, .book = &book, .back = back_of_address(exchange)};

    if (!find_book(exchange, &book))
        return;
    form.seen = tag_of(exchange, &book);
    show_form(exchange, 200, &form);
}

/*
 * Answers an update of a book that is not what the form was opened with: with the form once more, every input kept,
 * what is stored now beside it. Sent again it is an update of that.
 */
static void show_changed(struct exchange *exchange, const struct html_form *form)
{
    struct html_form again = *form;
    struct book *now = arena_alloc(exchange->arena, sizeof *now);

    if (!find_book(exchange, now))
        return;
    again.now = now;
    again.seen = tag_of(exchange, now);
    show_form(exchange, 409, &again);
}

/* Answers an update of a book that was deleted since the form was opened: with the form to add it, every input kept. */
static void show_deleted(struct exchange *exchange, const struct html_form *form)
{
    struct html_form again = *form;

    again.is_update = false;
    again.error =
        "This book was deleted by somebody else since you opened it. Your entries are kept: you can add it anew.";
    show_form(exchange, 409, &again);
}

void update_form_send(struct exchange *exchange)
{
    struct book book;
    struct book_faults faults;
    struct html_form form = {.is_update = true,
                             .book = &book,
                             .seen = request_parameter(&exchange->request.form, "seen"),
                             .back = back_of_form(exchange)};
    bool is_unknown;
    enum err_code code;

    if (!book_id_valid(exchange->rest)) {
        exchange_fail(exchange, ERR_NOT_FOUND);
        return;
    }
    read_book(exchange, &book);
    book.field[BOOK_ID] = exchange->rest; /* it never changes */
    if (!book_check(&book, &faults, exchange->arena)) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    code = exchange_write(exchange, CHANGE_UPDATE, &book, form.seen, &is_unknown);
    if (code == ERR_CHANGED) {
        show_changed(exchange, &form);
        return;
    }
    if (code == ERR_NOT_FOUND && form.seen.len > 0) {
        show_deleted(exchange, &form);
        return;
    }
    if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, is_unknown);
        return;
    }
    done_give(exchange, "updated", book.field[BOOK_ID]);
    response_see_other(exchange->response, link_list(exchange->arena, &form.back));
}

void delete_form_show(struct exchange *exchange)
{
    struct book book;
    const struct html_delete delete = {&book, back_of_address(exchange)};
    struct html_frame frame;

    if (!find_book(exchange, &book))
        return;
    frame = exchange_frame(exchange, "Delete a book", "");
    response_header(exchange->response, "Cache-Control", "no-store");
    exchange_page(exchange, 200,
                  html_delete(exchange->app->html, &frame, &delete, &exchange->response->body, &exchange->err));
}

void delete_form_send(struct exchange *exchange)
{
    struct book book = {.field[BOOK_ID] = exchange->rest};
    struct query back;
    bool is_unknown;
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = exchange_write(exchange, CHANGE_DELETE, &book, text_of(NULL), &is_unknown);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    done_give(exchange, "deleted", exchange->rest);
    back = back_of_form(exchange);
    response_see_other(exchange->response, link_list(exchange->arena, &back));
}
