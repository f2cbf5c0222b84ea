#include "web/api_edit.h"

#include "base/limits.h"
#include "book/edit_json.h"
#include "book/query_parameters.h"
#include "view/json_edit.h"
#include "view/link.h"
#include "web/api_parts.h"
#include "web/app.h"
#include "web/edit_job.h"
#include "web/once.h"

static const char *link_api_edit(struct exchange *exchange, uint64_t number)
{
    return link_path(exchange->arena, arena_format(exchange->arena, "/api/edits/%llu", (unsigned long long)number));
}

/* Responds with an edit. */
static void show(struct exchange *exchange, const struct edit_record *record, int status)
{
    struct response *response = exchange->response;

    response->status = status;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Content-Type", "application/json");
    json_edit(record, &response->body);
}

/* Responds with a plan. */
static void show_plan(struct exchange *exchange, const struct edit_plan *plan)
{
    struct response *response = exchange->response;

    response->status = 200;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Content-Type", "application/json");
    json_edit_plan(plan, &response->body);
}

static void refuse(struct exchange *exchange, int status, const char *title, const char *text)
{
    exchange_problem(exchange, status, title, text, link_home(exchange->arena), "Home");
}

/* Responds with the edit that a request has started. */
static void show_started(struct exchange *exchange, uint64_t number)
{
    struct edit_record record;
    const enum err_code code =
        catalogue_edit_get(exchange->app->catalogue, number, exchange->arena, &record, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    response_header(exchange->response, "Location", "%s", link_api_edit(exchange, number));
    show(exchange, &record, record.state == EDIT_RUNNING ? 202 : 201);
}

/* Runs a plan that may be run, and responds. */
static void run(struct exchange *exchange, const struct edit_plan *plan)
{
    uint64_t number;

    if (plan->refused > 0)
        refuse(
            exchange, 422, "Books would not be valid",
            arena_format(exchange->arena,
                         "%llu of the books would not be valid, so none was changed. A dry run names the first ones.",
                         (unsigned long long)plan->refused));
    else if (plan->changes == 0 && plan->wish.goes_on == NULL)
        show_plan(exchange, plan);
    else if (edit_job_start(exchange, plan, &number))
        show_started(exchange, number);
}

/* Plans and runs a wish. json: the request; NULL: an undo, or one that goes on. */
static void carry_out(struct exchange *exchange, const struct edit_wish *wish, const struct edit_json *json)
{
    struct edit_plan plan = {0};
    uint64_t number;
    const enum err_code code = edit_job_look_up(exchange, wish, &number);

    if (code != ERR_NOT_FOUND) {
        if (code == ERR_OK)
            show_started(exchange, number);
        return;
    }
    if (edit_job_plan(exchange, wish, &plan)) {
        if (json != NULL && json->is_trial)
            show_plan(exchange, &plan);
        else if (json != NULL && json->has_sum && json->sum != plan.sum)
            refuse(exchange, 409, "The books have changed", "The books are no longer those of the dry run.");
        else
            run(exchange, &plan);
    }
    edit_plan_free(&plan);
}

void api_edit(struct exchange *exchange)
{
    struct edit_json json;
    struct edit_wish wish;
    struct query query;
    struct text body;
    const char *fault;

    if (!api_read_body(exchange, "application/json", &body))
        return;
    if (edit_json_read(body, exchange->arena, &json, &exchange->err) != ERR_OK) {
        refuse(exchange, 422, "Not a valid edit", exchange->err.text);
        return;
    }
    fault = query_read(&exchange->request.query, exchange->arena, &query);
    if (fault != NULL) {
        refuse(exchange, 400, "Invalid query", fault);
        return;
    }
    if (query_is_whole(&query) ? json.is_all == json.has_ids : json.is_all || json.has_ids) {
        refuse(exchange, 422, "Not a valid edit",
               "Say which books: by the parameters of the URL, by ids, or all of them by \"all\": true.");
        return;
    }
    wish = (struct edit_wish){
        .edit = json.edit, .query = json.has_ids ? NULL : &query, .ids = json.ids, .id_count = json.id_count};
    carry_out(exchange, &wish, &json);
}

void api_edit_get(struct exchange *exchange)
{
    struct edit_record record;

    if (edit_job_find(exchange, &record))
        show(exchange, &record, 200);
}

void api_edit_undo(struct exchange *exchange)
{
    struct edit_record record;

    request_forget_body(&exchange->request);
    if (once_take_header(exchange, text_from_cstr(NULL)) && edit_job_find(exchange, &record))
        carry_out(exchange, &(struct edit_wish){.edit = {.kind = EDIT_UNDO, .undoes = record.number}}, NULL);
}

void api_edit_continue(struct exchange *exchange)
{
    struct edit_record record;
    struct query query;
    struct edit_wish wish;
    enum err_code code;

    request_forget_body(&exchange->request);
    if (!edit_job_find(exchange, &record))
        return;
    code = catalogue_edit_again(&record, &query, &wish, exchange->arena, &exchange->err);
    if (code == ERR_INVALID)
        refuse(exchange, 409, "Not stopped", exchange->err.text);
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
    else
        carry_out(exchange, &wish, NULL);
}
