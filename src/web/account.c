#include "web/account.h"

#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/sign_in.h"

static void show(struct exchange *exchange, int status, const char *error)
{
    const struct html_frame frame = exchange_frame(exchange, "Account", "account");
    struct session_list sessions;
    const struct html_account account = {.person = &exchange->person,
                                         .sessions = &sessions,
                                         .error = error != NULL ? arena_format(exchange->arena, "%s", error) : NULL};
    const enum err_code code =
        people_sessions(exchange->app->people, &exchange->person, exchange->arena, &sessions, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    exchange_cache_control(exchange, false);
    exchange_page(exchange, status,
                  html_account(exchange->app->html, &frame, &account, &exchange->response->body, &exchange->err));
}

void account_show(struct exchange *exchange)
{
    show(exchange, 200, NULL);
}

/* Changes the password: the old one is checked and attempts are counted as at the sign-in page. */
static void change_password(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    struct person person;
    unsigned wait_s;
    enum err_code code = people_sign_in(exchange->app->people, exchange->person.name, parameters_get(form, "old"),
                                        request_header(&exchange->request, "REMOTE_ADDR"), exchange->arena, &person,
                                        &wait_s, &exchange->err);

    if (code == ERR_BUSY && wait_s > 0) {
        response_header(exchange->response, "Retry-After", "%u", wait_s);
        show(exchange, 429, "Too many attempts. Please try again in a minute.");
        return;
    }
    if (code == ERR_OK)
        code = people_set_password(exchange->app->people, &person, parameters_get(form, "new"), exchange->arena,
                                   &exchange->err);
    if (code == ERR_OK)
        code = sign_in_begin(exchange, &person, "/account");
    if (code == ERR_NOT_FOUND)
        show(exchange, 422, "The present password is wrong.");
    else if (code == ERR_INVALID)
        show(exchange, 422, exchange->err.text);
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
}

void account_send(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    const struct text what = parameters_get(form, "do");
    enum err_code code;

    if (text_equal_string(what, "password")) {
        change_password(exchange);
        return;
    }
    if (text_equal_string(what, "end"))
        code = people_end_session(exchange->app->people, &exchange->person,
                                  text_number(parameters_get(form, "session")), &exchange->err);
    else if (text_equal_string(what, "end-others"))
        code = people_end_other_sessions(exchange->app->people, &exchange->person, &exchange->err);
    else
        code = err_set(&exchange->err, ERR_INVALID, "Unknown action.");
    if (code == ERR_OK || code == ERR_NOT_FOUND)
        response_see_other(exchange->response, link_account(exchange->arena));
    else
        exchange_fail(exchange, code);
}
