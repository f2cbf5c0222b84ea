#include "web/session.h"

#include <string.h>

#include "base/limits.h"
#include "view/link.h"
#include "web/app.h"

/*
 * With TLS the cookie has a prefix that lets a browser accept it only from this very host (__Host-, which must have the
 * path "/") or at least only with TLS (__Secure-, below a base path): nobody else can plant another one.
 * nginx/bookshare.map.in looks for the rest of the name.
 */
#define COOKIE "bookshare_session"

static bool is_secure(const struct exchange *exchange)
{
    const char *scheme = request_header(&exchange->request, "REQUEST_SCHEME");
    const char *https = request_header(&exchange->request, "HTTPS");

    return (scheme != NULL && strcmp(scheme, "https") == 0) || (https != NULL && strcmp(https, "on") == 0);
}

static const char *cookie_name(const struct exchange *exchange)
{
    if (!is_secure(exchange))
        return COOKIE;
    return *link_base() == '\0' ? "__Host-" COOKIE : "__Secure-" COOKIE;
}

struct text session_secret(const struct exchange *exchange)
{
    return request_cookie(&exchange->request, cookie_name(exchange));
}

static void send_cookie(struct exchange *exchange, struct text value, int seconds)
{
    response_header(exchange->response, "Set-Cookie", "%s=%.*s; Max-Age=%d; Path=%s; HttpOnly; SameSite=Lax%s",
                    cookie_name(exchange), (int)value.len, value.at, seconds, link_cookie_path(),
                    is_secure(exchange) ? "; Secure" : "");
}

void session_set(struct exchange *exchange, struct text secret)
{
    send_cookie(exchange, secret, LIMIT_SESSION_S);
}

void session_forget(struct exchange *exchange)
{
    send_cookie(exchange, text_from_cstr(""), 0);
}
