#include "web/gate.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "view/link.h"
#include "web/app.h"
#include "web/session.h"

enum role gate_stranger(const struct config *config)
{
    if (config->auth == AUTH_OPEN)
        return ROLE_ADMIN;
    return config->read == READ_PUBLIC ? ROLE_READER : ROLE_NONE;
}

bool gate_has_common_pages(const struct config *config)
{
    return config->auth == AUTH_OPEN || (config->auth == AUTH_ACCOUNTS && config->read == READ_PUBLIC);
}

/* Finds the person whose session a request has. ERR_NOT_FOUND: nobody's. */
static enum err_code find_by_session(struct exchange *exchange, struct person *person)
{
    const struct text secret = session_secret(exchange);

    if (secret.len == 0)
        return ERR_NOT_FOUND;
    return people_of_secret(exchange->app->people, PEOPLE_SESSION, secret, exchange->arena, person, &exchange->err);
}

/*
 * Finds the person whom the web server names. A header of the client has another name here (HTTP_...), so it cannot
 * pose as this. Somebody without a role keeps that of strangers, but under their name.
 */
static enum err_code find_by_web_server(struct exchange *exchange, struct person *person)
{
    const struct text name = text_from_cstr(request_header(&exchange->request, "REMOTE_USER"));

    if (name.len == 0)
        return ERR_NOT_FOUND;
    exchange->person.name = text_line(exchange->arena, name);
    return people_get(exchange->app->people, name, exchange->arena, person, &exchange->err);
}

/* Returns the token that a program has sent (RFC 6750); the empty text if there is none. */
static struct text token_of(const struct request *request)
{
    struct text rest = text_from_cstr(request_header(request, "HTTP_AUTHORIZATION"));

    return text_equal_caseless(text_split(&rest, ' '), "bearer") ? text_trim(rest) : text_from_cstr("");
}

/* Responds to a request that nobody signed in has sent. */
static void ask_for_token(struct exchange *exchange, const char *error, const char *text)
{
    response_header(exchange->response, "WWW-Authenticate", "Bearer realm=\"Book Share\"%s", error);
    exchange_problem(exchange, 401, "Not signed in", text, link_home(exchange->arena), "Home");
}

bool gate_identify(struct exchange *exchange)
{
    const struct text token = token_of(&exchange->request);
    struct person person = {0};
    enum err_code code = ERR_NOT_FOUND;

    if (exchange->app->config->auth == AUTH_OPEN)
        return true;
    if (token.len > 0)
        code = people_of_secret(exchange->app->people, PEOPLE_TOKEN, token, exchange->arena, &person, &exchange->err);
    else if (exchange->app->config->auth == AUTH_ACCOUNTS)
        code = find_by_session(exchange, &person);
    else
        code = find_by_web_server(exchange, &person);
    if (code == ERR_OK) {
        exchange->person = person;
    } else if (code != ERR_NOT_FOUND) {
        log_warn("%s", exchange->err.text);
        exchange->is_unsure = true;
    } else if (token.len > 0) {
        request_forget_body(&exchange->request);
        ask_for_token(exchange, ", error=\"invalid_token\"", "The token is not valid, or no longer.");
        return false;
    }
    return true;
}

/* Asks a stranger to sign in: leads a browser there, but not a form that a script sends, whose input would be lost. */
static void ask_to_sign_in(struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    const bool is_script = request_header(request, "HTTP_BOOKSHARE_FORM") != NULL;
    const bool is_ours = exchange->app->config->auth == AUTH_ACCOUNTS;

    if (is_ours && !is_script && !request_wants_json(request)) {
        response_header(exchange->response, "Cache-Control", "no-store");
        response_see_other(exchange->response, link_sign_in(exchange->arena, request->target));
        return;
    }
    ask_for_token(exchange, "",
                  !is_ours    ? "Only people whom the web server knows may do this."
                  : is_script ? "You are not signed in any more. Sign in in another tab, then send this again."
                              : "Only people who are signed in may do this.");
}

/* Returns why somebody who is known may not do what a request asks for. */
static const char *refusal(const struct exchange *exchange, const struct route *route)
{
    const struct person *person = &exchange->person;

    if (person->is_token)
        return "The token does not allow this.";
    return arena_format(exchange->arena, "This needs the role of %s %s. %.*s has %s.",
                        route->role == ROLE_READER ? "a" : "an", role_name(route->role), (int)person->name.len,
                        person->name.at, person->id != 0 ? "another one" : "none");
}

bool gate_pass(struct exchange *exchange, const struct route *route)
{
    const struct person *person = &exchange->person;

    if (person->role >= route->role && (person->key != 0 || (route->methods & ROUTE_OWN) == 0) &&
        !(person->is_token && (route->methods & ROUTE_ACCOUNTS) != 0))
        return true;
    request_forget_body(&exchange->request);
    if (exchange->is_unsure)
        exchange_fail(exchange, ERR_UNAVAILABLE);
    else if (person->name.len == 0)
        ask_to_sign_in(exchange);
    else
        exchange_problem(exchange, 403, "Not allowed", refusal(exchange, route), link_home(exchange->arena), "Home");
    return false;
}

bool gate_pass_edit(struct exchange *exchange, enum change_op op, uint64_t books)
{
    const int most = op == CHANGE_DELETE ? LIMIT_EDIT_EDITOR_DELETES : LIMIT_EDIT_EDITOR;

    if (exchange->person.role >= ROLE_ADMIN || books <= (uint64_t)most)
        return true;
    exchange_problem(exchange, 403, "Too many books",
                     arena_format(exchange->arena, "Only an admin may %s more than %d books at once.",
                                  op == CHANGE_DELETE ? "delete" : "change", most),
                     link_whole_list(exchange->arena), "Browse all books");
    return false;
}

/* Returns whether a path has a segment "." or "..", with which a browser would leave the base path. */
static bool has_dots(struct text to, struct arena *arena)
{
    struct text path = text_split(&to, '?');

    while (path.len > 0) {
        const struct text segment = text_percent_decode(arena, text_split(&path, '/'), false);

        if (text_equal_string(segment, ".") || text_equal_string(segment, ".."))
            return true;
    }
    return false;
}

/* A second slash or a backslash would begin the name of another host. */
const char *gate_way_back(struct exchange *exchange, struct text to)
{
    const bool is_path =
        to.len > 0 && to.len <= LIMIT_QUERY_BYTES && to.at[0] == '/' && (to.len == 1 || to.at[1] != '/');

    for (size_t i = 0; i < to.len; i++)
        if (!is_path || to.at[i] <= ' ' || to.at[i] > '~' || to.at[i] == '\\')
            return "/";
    return is_path && !has_dots(to, exchange->arena) ? text_string(exchange->arena, to) : "/";
}
