#include "web/edit_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "book/query_parameters.h"
#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/edit_job.h"

/* What a form asks for. */
struct form {
    struct edit_wish wish;
    struct query query;
    struct text ids[LIMIT_EDIT_IDS];
    struct html_edit page;
};

/* Sets how many books are meant. Those that are named are known; those of a query are not until somebody searches. */
static void set_found(struct form *form, uint64_t found)
{
    form->page.found = found;
    form->page.is_counted = true;
}

/* Reads which books: the IDs in parameters or, without any, the query of the URL. Responds and returns false if it is
 * invalid. */
static bool read_books(struct exchange *exchange, const struct parameters *parameters, struct form *form)
{
    const char *fault = query_read(&exchange->request.query, exchange->arena, &form->query);
    struct text id;
    size_t place = 0;

    *form = (struct form){.query = form->query, .wish.ids = form->ids};
    while (fault == NULL && parameters_next(parameters, "id", &place, &id)) {
        if (form->wish.id_count == LIMIT_EDIT_IDS)
            fault = "Too many books are named.";
        else if (!book_id_valid(id))
            fault = "An ID is not valid.";
        else
            form->ids[form->wish.id_count++] = id;
    }
    if (form->wish.id_count == 0)
        form->wish.query = &form->query;
    else
        set_found(form, form->wish.id_count);
    if (fault != NULL)
        exchange_problem(exchange, 400, "Invalid query", fault, link_whole_list(exchange->arena), "Browse all books");
    return fault == NULL;
}

static void show_form(struct exchange *exchange, int status, struct form *form)
{
    const struct html_frame frame = exchange_frame(exchange, "Change many books", "");

    form->page.query = &form->query;
    form->page.ids = form->ids;
    form->page.id_count = form->wish.id_count;
    response_header(exchange->response, "Cache-Control", "no-store");
    exchange_page(exchange, status,
                  html_edit(exchange->app->html, &frame, &form->page, &exchange->response->body, &exchange->err));
}

void edit_form_show(struct exchange *exchange)
{
    struct form form;
    struct query first;
    struct catalogue_page found;
    enum err_code code;

    if (!read_books(exchange, &exchange->request.query, &form))
        return;
    form.page.edit = (struct edit){.kind = EDIT_SET, .field = BOOK_CATEGORY};
    if (form.wish.query != NULL) {
        first = form.query;
        first.offset = 0;
        first.limit = 1;
        code = exchange_find(exchange, &first, &found);
        if (code != ERR_OK) {
            exchange_fail(exchange, code);
            return;
        }
        set_found(&form, found.total);
    }
    show_form(exchange, 200, &form);
}

/* Reads what to do. Returns a sentence about an error, or NULL. */
static const char *read_edit(struct exchange *exchange, struct edit *edit)
{
    const struct parameters *form = &exchange->request.form;

    *edit = (struct edit){.field = book_field_of(parameters_get(form, "field")),
                          .old_text = parameters_get(form, "old"),
                          .new_text = parameters_get(form, "new")};
    if (!edit_kind_read(parameters_get(form, "what"), &edit->kind) || edit->kind == EDIT_UNDO)
        return "Please choose what to do.";
    if (edit->kind == EDIT_DELETE)
        edit->field = BOOK_ID;
    return edit_check(edit, exchange->arena);
}

/* Runs a plan that was confirmed, or responds with its preview. */
static void preview_or_run(struct exchange *exchange, struct form *form, const struct edit_plan *plan)
{
    const struct parameters *sent = &exchange->request.form;
    const char *sum = arena_format(exchange->arena, "%016" PRIx64, plan->sum);
    int status = 200;

    form->page.plan = plan;
    set_found(form, plan->found);
    if (plan->refused > 0) {
        status = 422;
    } else if (text_equal_string(parameters_get(sent, "step"), "run") && plan->changes > 0) {
        uint64_t number;

        if (text_equal_string(parameters_get(sent, "sum"), sum)) {
            if (edit_job_start(exchange, plan, &number))
                exchange_go_on(exchange, link_edits(exchange->arena, number));
            return;
        }
        form->page.error = "The books have changed since you saw them. Please look at them again.";
        status = 409;
    }
    show_form(exchange, status, form);
}

void edit_form_send(struct exchange *exchange)
{
    struct form form;
    struct edit_plan plan = {0};
    uint64_t number;
    enum err_code code;

    if (!read_books(exchange, &exchange->request.form, &form))
        return;
    form.page.error = read_edit(exchange, &form.wish.edit);
    form.page.edit = form.wish.edit;
    if (form.page.error != NULL) {
        show_form(exchange, 422, &form);
        return;
    }
    code = edit_job_look_up(exchange, &form.wish, &number);
    if (code == ERR_OK)
        exchange_go_on(exchange, link_edits(exchange->arena, number));
    else if (code == ERR_NOT_FOUND && edit_job_plan(exchange, &form.wish, &plan))
        preview_or_run(exchange, &form, &plan);
    edit_plan_free(&plan);
}

void edit_show(struct exchange *exchange)
{
    struct edit_record record;
    struct html_frame frame;

    if (!edit_job_find(exchange, &record))
        return;
    frame = exchange_frame(exchange, edit_words(&record.edit, exchange->arena), "changes");
    if (record.state == EDIT_RUNNING)
        response_header(exchange->response, "Refresh", "1");
    response_header(exchange->response, "Cache-Control", "no-store");
    exchange_page(exchange, 200,
                  html_edited(exchange->app->html, &frame, &record, &exchange->response->body, &exchange->err));
}

/* Plans and runs a wish, and leads to the page of the edit. */
static void carry_out(struct exchange *exchange, const struct edit_wish *wish)
{
    struct edit_plan plan = {0};
    uint64_t number;
    const enum err_code code = edit_job_look_up(exchange, wish, &number);

    if (code == ERR_OK ||
        (code == ERR_NOT_FOUND && edit_job_plan(exchange, wish, &plan) && edit_job_start(exchange, &plan, &number)))
        exchange_go_on(exchange, link_edits(exchange->arena, number));
    edit_plan_free(&plan);
}

void edit_undo_send(struct exchange *exchange)
{
    struct edit_record record;

    if (edit_job_find(exchange, &record))
        carry_out(exchange, &(struct edit_wish){.edit = {.kind = EDIT_UNDO, .undoes = record.number}});
}

void edit_continue_send(struct exchange *exchange)
{
    struct edit_record record;
    struct query query;
    struct edit_wish wish;
    enum err_code code;

    if (!edit_job_find(exchange, &record))
        return;
    code = catalogue_edit_again(&record, &query, &wish, exchange->arena, &exchange->err);
    if (code == ERR_INVALID && record.state == EDIT_DONE) /* the same form, sent twice */
        exchange_go_on(exchange, link_edits(exchange->arena, record.number));
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
    else
        carry_out(exchange, &wish);
}
