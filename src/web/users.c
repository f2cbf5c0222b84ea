#include "web/users.h"

#include "base/clock.h"
#include "base/limits.h"
#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/origin.h"

static void show_users(struct exchange *exchange, int status, struct text name, const char *error)
{
    const struct html_frame frame = exchange_frame(exchange, "Users", "users");
    struct person_list list;
    const struct html_users users = {
        .list = &list, .name = name, .error = error != NULL ? arena_format(exchange->arena, "%s", error) : NULL};
    const enum err_code code = people_list(exchange->app->people, exchange->arena, &list, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    exchange_cache_control(exchange, false);
    exchange_page(exchange, status,
                  html_users(exchange->app->html, &frame, &users, &exchange->response->body, &exchange->err));
}

void users_show(struct exchange *exchange)
{
    show_users(exchange, 200, text_from_cstr(""), NULL);
}

static void show_user(struct exchange *exchange, const struct person *person, const char *invitation)
{
    const struct html_frame frame = exchange_frame(
        exchange, arena_format(exchange->arena, "User %.*s", (int)person->name.len, person->name.at), "users");
    const struct html_user user = {
        .person = person, .is_viewer = person->id == exchange->person.id, .invitation = invitation};

    exchange_cache_control(exchange, false);
    exchange_page(exchange, 200,
                  html_user(exchange->app->html, &frame, &user, &exchange->response->body, &exchange->err));
}

/* Responds with an error about a person. */
static void fail(struct exchange *exchange, enum err_code code)
{
    if (code == ERR_NOT_FOUND)
        exchange_problem(exchange, 404, "No such user", "Nobody has this name. They may have been removed.",
                         link_users(exchange->arena), "See all users");
    else
        exchange_fail(exchange, code);
}

/* Makes an invitation and shows its link, once. */
static void invite(struct exchange *exchange, const struct person *person)
{
    struct text secret;
    const enum err_code code = people_give_key(exchange->app->people, person, PEOPLE_INVITATION, text_from_cstr(""),
                                               exchange->arena, &secret, &exchange->err);

    if (code != ERR_OK)
        fail(exchange, code);
    else
        show_user(exchange, person,
                  arena_format(exchange->arena, "%s%s", origin_site(&exchange->request, exchange->arena),
                               link_invitation(exchange->arena, secret)));
}

void users_send(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    const struct text name = text_trim(parameters_get(form, "name"));
    struct person person;
    enum role role;
    enum err_code code;

    if (!role_from_name(parameters_get(form, "role"), &role))
        code = err_set(&exchange->err, ERR_INVALID, "Please choose a role.");
    else
        code = people_add(exchange->app->people, name, role, &exchange->err);
    if (code == ERR_OK)
        code = people_get(exchange->app->people, name, exchange->arena, &person, &exchange->err);
    if (code == ERR_OK)
        invite(exchange, &person);
    else if (code == ERR_INVALID || code == ERR_CONFLICT)
        show_users(exchange, code == ERR_CONFLICT ? 409 : 422, name, exchange->err.text);
    else
        fail(exchange, code);
}

void user_show(struct exchange *exchange)
{
    struct person person;
    const enum err_code code =
        people_get(exchange->app->people, exchange->rest, exchange->arena, &person, &exchange->err);

    if (code == ERR_OK)
        show_user(exchange, &person, NULL);
    else
        fail(exchange, code);
}

/*
 * Takes the names of those who were removed out of the log of changes, as long as nginx waits. ERR_BUSY: some are left.
 * none: what to return if there was none.
 */
static enum err_code hide_names(struct exchange *exchange, enum err_code none)
{
    const int64_t until = exchange->started + LIMIT_RENAME_S * INT64_C(1000000);
    struct hidden_name part;
    bool is_first = true;
    enum err_code code;

    while ((code = people_hide_some(exchange->app->people, exchange->arena, &part, &exchange->err)) == ERR_OK) {
        is_first = false;
        if (clock_us() >= until && !part.is_done)
            return err_set(
                &exchange->err, ERR_BUSY,
                "The user was removed, but older changes still have the name. Send this form again to go on.");
    }
    if (code == ERR_NOT_FOUND)
        return is_first ? none : ERR_OK;
    return code;
}

/* Removes a person, or goes on with taking the name of one who was removed out of the log of changes. */
static enum err_code leave(struct exchange *exchange, enum err_code found, const struct person *person)
{
    const bool hides_name = parameters_has(&exchange->request.form, "hide");
    enum err_code code = found;

    if (code == ERR_OK)
        code = people_remove(exchange->app->people, &exchange->person, person, hides_name, &exchange->err);
    if (!hides_name || (code != ERR_OK && code != ERR_NOT_FOUND))
        return code;
    return hide_names(exchange, code);
}

/*
 * Admins cannot change their own role or remove themselves, and are still admins when they change or remove others. So
 * one always remains.
 */
void user_send(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    const struct text what = parameters_get(form, "do");
    struct person person;
    enum role role;
    enum err_code code = people_get(exchange->app->people, exchange->rest, exchange->arena, &person, &exchange->err);

    if (code == ERR_OK && text_equal_string(what, "invite")) {
        invite(exchange, &person);
        return;
    }
    if (code == ERR_OK && person.id == exchange->person.id)
        code = err_set(&exchange->err, ERR_CONFLICT, "Admins cannot change or remove themselves.");
    else if ((code == ERR_OK || code == ERR_NOT_FOUND) && text_equal_string(what, "remove"))
        code = leave(exchange, code, &person);
    else if (code == ERR_OK && text_equal_string(what, "role") && role_from_name(parameters_get(form, "role"), &role))
        code = people_set_role(exchange->app->people, &exchange->person, person.name, role, &exchange->err);
    else if (code == ERR_OK)
        code = err_set(&exchange->err, ERR_INVALID, "Unknown action.");
    if (code == ERR_OK)
        response_see_other(exchange->response, link_users(exchange->arena));
    else
        fail(exchange, code);
}
