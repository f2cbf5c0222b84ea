#include "web/edit_job.h"

#include <signal.h>
#include <stdlib.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/slots.h"
#include "view/link.h"
#include "web/app.h"
#include "web/gate.h"
#include "web/import_pace.h"

enum {
    SLICE = 100 /* books per transaction; each holds Redis for about 80 us */,
    REST_LEAST_MS = 1,
    REST_MOST_MS = 250
};
enum { TOKEN_DIGITS = 14 /* of the hash of a key: below 2^VERSION_TOKEN_BITS */ };

bool edit_job_plan(struct exchange *exchange, const struct edit_wish *wish, struct edit_plan *plan)
{
    const enum err_code code = catalogue_edit_plan(exchange->app->catalogue, wish, plan, &exchange->err);

    if (code == ERR_NOT_FOUND)
        exchange_problem(exchange, 404, "No such edit", exchange->err.text,
                         link_changes(exchange->arena, "/changes", NULL), "See all changes");
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK && gate_pass_edit(exchange, edit_op(&plan->wish.edit), plan->changes);
}

/* Makes the token of an edit from the key of the request, or at random. */
static enum err_code make_token(const struct exchange *exchange, uint64_t *token, struct err *err)
{
    char digits[TOKEN_DIGITS + 1];

    if (exchange->key.key.len < TOKEN_DIGITS)
        return catalogue_edit_token(token, err);
    for (int i = 0; i < TOKEN_DIGITS; i++)
        digits[i] = exchange->key.key.at[i];
    digits[TOKEN_DIGITS] = '\0';
    *token = strtoull(digits, NULL, 16) | 1;
    return ERR_OK;
}

enum err_code edit_job_look_up(struct exchange *exchange, const struct edit_wish *wish, uint64_t *number)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    struct err *err = &exchange->err;
    struct edit_record record;
    uint64_t token;
    enum err_code code;

    if (exchange->key.key.len == 0)
        return ERR_NOT_FOUND;
    code = make_token(exchange, &token, err);
    if (code == ERR_OK)
        code = catalogue_edit_find(catalogue, token, number, err);
    if (code == ERR_NOT_FOUND)
        return code;
    if (code == ERR_OK)
        code = catalogue_edit_get(catalogue, *number, exchange->arena, &record, err);
    if (code == ERR_OK && !catalogue_edit_is_of(&record, wish))
        code = err_set(err, ERR_REUSED, "Another edit with this key has been started already.");
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code;
}

/* An edit that a process of its own runs. */
struct job {
    const struct app *app;
    const struct edit_plan *plan;
    struct edit_run *run;
    struct catalogue *catalogue;
    int64_t slice_began; /* clock_us() */
};

static volatile sig_atomic_t is_ended;

static void on_end(int signal)
{
    (void)signal;
    is_ended = 1;
}

/* Rests for as long as a slice took, while page files are in use. */
static bool rest(void *context, uint64_t done, uint64_t total)
{
    struct job *job = context;
    const int64_t took_us = clock_us() - job->slice_began, least = REST_LEAST_MS * 1000, most = REST_MOST_MS * 1000;

    (void)done;
    (void)total;
    catalogue_tend_pages(job->catalogue);
    clock_wait_until(clock_us() + (took_us < least ? least : took_us > most ? most : took_us));
    job->slice_began = clock_us();
    return is_ended == 0;
}

/* The work of the process. */
static int work(void *context)
{
    const struct sigaction end = {.sa_handler = on_end};
    struct job *job = context;
    struct err err;
    enum err_code code;

    sigaction(SIGTERM, &end, NULL);
    job->catalogue = catalogue_new(job->app->config);
    if (gate_has_common_pages(job->app->config))
        catalogue_publish_pages(job->catalogue, job->app->stamp);
    job->slice_began = clock_us();
    code = catalogue_edit_run(job->catalogue, job->plan, job->run, SLICE, rest, job, &err);
    if (code != ERR_OK)
        log_warn("edit %llu has stopped: %s", (unsigned long long)job->run->record.number, err.text);
    catalogue_free(job->catalogue);
    return code == ERR_OK ? 0 : 1;
}

/* Notes the start of an edit, and runs it: here, or in a process that holds the slot. */
static enum err_code start(struct exchange *exchange, const struct edit_plan *plan, uint64_t token, int slot,
                           uint64_t *number)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    struct edit_run run = {0};
    struct job job = {.app = exchange->app, .plan = plan, .run = &run};
    pid_t child;
    enum err_code code =
        catalogue_edit_start(catalogue, plan, token, exchange_actor(exchange, "web"), &run, &exchange->err);

    *number = run.record.number;
    if (code != ERR_OK || run.is_old)
        return code;
    if (slot == SLOTS_NONE)
        return catalogue_edit_run(catalogue, plan, &run, SLICE, NULL, NULL, &exchange->err);
    child = child_leave(work, &job, slot);
    if (child < 0)
        return err_set(&exchange->err, ERR_BUSY, "No process can be started. Edit %llu can go on later.",
                       (unsigned long long)*number);
    deferred_adopt(&exchange->app->deferred, child);
    return ERR_OK;
}

bool edit_job_start(struct exchange *exchange, const struct edit_plan *plan, uint64_t *number)
{
    struct err *err = &exchange->err;
    uint64_t token = 0;
    int slot = SLOTS_NONE;
    enum err_code code = make_token(exchange, &token, err);

    if (code == ERR_OK && plan->changes > LIMIT_EDIT_AT_ONCE)
        code = import_pace_take(exchange->app->config, &slot, err);
    if (code == ERR_OK)
        code = start(exchange, plan, token, slot, number);
    else if (code == ERR_BUSY &&
             catalogue_edit_find(exchange->app->catalogue, token, number, err) == ERR_OK) /* sent twice */
        code = ERR_OK;
    else if (code == ERR_BUSY)
        err_set(err, code,
                "Another import or edit is running, and only one at a time is allowed. Please try again in a "
                "minute.");
    slots_give(slot);
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

bool edit_job_find(struct exchange *exchange, struct edit_record *record)
{
    const uint64_t number = text_is_number(exchange->rest) ? text_number(exchange->rest) : 0;
    const enum err_code code =
        number > 0 ? catalogue_edit_get(exchange->app->catalogue, number, exchange->arena, record, &exchange->err)
                   : ERR_NOT_FOUND;

    if (code == ERR_NOT_FOUND)
        exchange_problem(exchange, 404, "No such edit",
                         "There is no edit with this number, or the log no longer has it.",
                         link_changes(exchange->arena, "/changes", NULL), "See all changes");
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}
