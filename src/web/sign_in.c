#include "web/sign_in.h"

#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/gate.h"
#include "web/session.h"

static void show_sign_in(struct exchange *exchange, int status, const struct html_sign_in *form)
{
    const struct html_frame frame = exchange_frame(exchange, "Sign in", "");

    exchange_cache_control(exchange, false);
    exchange_page(exchange, status,
                  html_sign_in(exchange->app->html, &frame, form, &exchange->response->body, &exchange->err));
}

void sign_in_show(struct exchange *exchange)
{
    const char *to = gate_way_back(exchange, parameters_get(&exchange->request.query, "to"));

    if (exchange->person.id != 0)
        response_see_other(exchange->response, link_path(exchange->arena, to));
    else
        show_sign_in(exchange, 200, &(struct html_sign_in){.to = to});
}

enum err_code sign_in_begin(struct exchange *exchange, const struct person *person, const char *to)
{
    const struct text browser = text_from_cstr(request_header(&exchange->request, "HTTP_USER_AGENT"));
    struct text secret;
    const enum err_code code = people_give_key(exchange->app->people, person, PEOPLE_SESSION, browser, exchange->arena,
                                               &secret, &exchange->err);

    if (code != ERR_OK)
        return code;
    session_set(exchange, secret);
    exchange_cache_control(exchange, false);
    response_see_other(exchange->response, link_path(exchange->arena, to));
    return ERR_OK;
}

/* Ends the session that a request came with, so that no old cookie works after signing in or out. */
static enum err_code end_session(struct exchange *exchange)
{
    enum err_code code = ERR_OK;

    if (exchange->person.id != 0)
        code = people_end_session(exchange->app->people, &exchange->person, exchange->person.key, &exchange->err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

void sign_in_send(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    struct html_sign_in again = {.name = text_trim(parameters_get(form, "name")),
                                 .to = gate_way_back(exchange, parameters_get(form, "to"))};
    struct person person;
    unsigned wait_s;
    enum err_code code = people_sign_in(exchange->app->people, again.name, parameters_get(form, "password"),
                                        request_header(&exchange->request, "REMOTE_ADDR"), exchange->arena, &person,
                                        &wait_s, &exchange->err);

    if (code == ERR_OK)
        code = end_session(exchange);
    if (code == ERR_OK)
        code = sign_in_begin(exchange, &person, again.to);
    if (code == ERR_NOT_FOUND) {
        again.error = "The name or the password is wrong.";
        show_sign_in(exchange, 422, &again);
    } else if (code == ERR_BUSY && wait_s > 0) {
        again.error = arena_format(exchange->arena, "Too many attempts. Please try again in %u second%s.", wait_s,
                                   wait_s == 1 ? "" : "s");
        response_header(exchange->response, "Retry-After", "%u", wait_s);
        show_sign_in(exchange, 429, &again);
    } else if (code != ERR_OK) {
        exchange_fail(exchange, code);
    }
}

void sign_out(struct exchange *exchange)
{
    const enum err_code code = end_session(exchange);

    if (code != ERR_OK || exchange->is_unsure) { /* the session would live on */
        exchange_fail(exchange, code != ERR_OK ? code : ERR_UNAVAILABLE);
        return;
    }
    session_forget(exchange);
    response_see_other(exchange->response, link_home(exchange->arena));
}

/*
 * Finds whose an invitation is. Responds and returns false if it is nobody's. The target of the request has the secret:
 * it must get into no link of an error page.
 */
static bool find_invited(struct exchange *exchange, struct text secret, struct person *person)
{
    const enum err_code code =
        people_of_secret(exchange->app->people, PEOPLE_INVITATION, secret, exchange->arena, person, &exchange->err);

    exchange->request.target = text_from_cstr("");
    if (code == ERR_NOT_FOUND)
        exchange_problem(exchange, 404, "Link no longer valid",
                         "It was used already, or it is too old. Please ask for a new one.", link_home(exchange->arena),
                         "Home");
    else if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

static void show_invitation(struct exchange *exchange, int status, const struct html_invitation *invitation)
{
    struct html_frame frame = exchange_frame(exchange, "Choose a password", "");

    frame.place = text_from_cstr(""); /* the secret goes into no other URL */
    exchange_cache_control(exchange, false);
    exchange_page(exchange, status,
                  html_invitation(exchange->app->html, &frame, invitation, &exchange->response->body, &exchange->err));
}

void invitation_show(struct exchange *exchange)
{
    struct html_invitation invitation = {.secret = parameters_get(&exchange->request.query, "key")};
    struct person person;

    if (!find_invited(exchange, invitation.secret, &person))
        return;
    invitation.name = person.name;
    show_invitation(exchange, 200, &invitation);
}

void invitation_send(struct exchange *exchange)
{
    struct html_invitation invitation = {.secret = parameters_get(&exchange->request.form, "key")};
    struct person person;
    enum err_code code;

    if (!find_invited(exchange, invitation.secret, &person))
        return;
    code = people_set_password(exchange->app->people, &person, parameters_get(&exchange->request.form, "password"),
                               exchange->arena, &exchange->err);
    if (code == ERR_OK)
        code = end_session(exchange);
    if (code == ERR_OK)
        code = sign_in_begin(exchange, &person, "/");
    if (code == ERR_INVALID) {
        invitation.name = person.name;
        invitation.error = exchange->err.text;
        show_invitation(exchange, 422, &invitation);
    } else if (code == ERR_NOT_FOUND) {
        find_invited(exchange, invitation.secret, &person);
    } else if (code != ERR_OK) {
        exchange_fail(exchange, code);
    }
}
