#include "web/gate.h"

#include "view/link.h"
#include "web/app.h"

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

/* Asks a stranger to sign in. */
static void ask_to_sign_in(struct exchange *exchange)
{
    response_header(exchange->response, "WWW-Authenticate", "Bearer realm=\"Book Share\"");
    exchange_problem(exchange, 401, "Not signed in", "Only people who are signed in may do this.",
                     link_home(exchange->arena), "Home");
}

bool gate_pass(struct exchange *exchange, const struct route *route)
{
    if (exchange->role >= route->role)
        return true;
    request_forget_body(&exchange->request);
    ask_to_sign_in(exchange);
    return false;
}
