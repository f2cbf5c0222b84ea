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

void gate_identify(struct exchange *exchange)
{
    const struct text secret = session_secret(exchange);
    struct person person;
    enum err_code code;

    if (exchange->app->config->auth != AUTH_ACCOUNTS || secret.len == 0)
        return;
    code = people_of_secret(exchange->app->people, PEOPLE_SESSION, secret, exchange->arena, &person, &exchange->err);
    if (code == ERR_OK) {
        exchange->person = person;
    } else if (code != ERR_NOT_FOUND) {
        log_warn("%s", exchange->err.text);
        exchange->is_unsure = true;
    }
}

/* Asks a stranger to sign in: leads a browser there, but not a form that a script sends, whose input would be lost. */
static void ask_to_sign_in(struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    const bool is_script = request_header(request, "HTTP_BOOKSHARE_FORM") != NULL;

    if (exchange->app->config->auth == AUTH_ACCOUNTS && !is_script && !request_wants_json(request)) {
        response_header(exchange->response, "Cache-Control", "no-store");
        response_see_other(exchange->response, link_sign_in(exchange->arena, request->target));
        return;
    }
    response_header(exchange->response, "WWW-Authenticate", "Bearer realm=\"Book Share\"");
    exchange_problem(exchange, 401, "Not signed in",
                     is_script ? "You are not signed in any more. Sign in in another tab, then send this again."
                               : "Only people who are signed in may do this.",
                     link_home(exchange->arena), "Home");
}

bool gate_pass(struct exchange *exchange, const struct route *route)
{
    const struct person *person = &exchange->person;

    if (person->role >= route->role && (person->id != 0 || (route->methods & ROUTE_OWN) == 0))
        return true;
    request_forget_body(&exchange->request);
    if (exchange->is_unsure)
        exchange_fail(exchange, ERR_UNAVAILABLE);
    else if (person->id == 0)
        ask_to_sign_in(exchange);
    else
        exchange_problem(exchange, 403, "Not allowed",
                         arena_format(exchange->arena, "This needs the role of an %s.", role_name(route->role)),
                         link_home(exchange->arena), "Home");
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
    return is_path ? text_string(exchange->arena, to) : "/";
}
