#include "web/origin.h"

#include <string.h>
#include <strings.h>

#include "view/link.h"

static bool is_equal(struct text a, const char *b, size_t len)
{
    return a.len == len && strncasecmp(a.at, b, len) == 0;
}

/* Returns a Host without its port and without the final dot of a fully qualified name. */
static struct text host_name(const char *host)
{
    struct text name = text_from_cstr(host);
    const char *colon = strrchr(host, ':');

    if (colon != NULL && strchr(colon, ']') == NULL) /* in brackets it is part of an IPv6 address */
        name.len = (size_t)(colon - host);
    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    return name;
}

bool origin_is_our_host(const struct request *request, const char *hosts)
{
    static const char between[] = ", \t";
    const char *host = request_header(request, "HTTP_HOST");
    const char *at = hosts + strspn(hosts, between);
    struct text name;

    if (*at == '\0' || host == NULL)
        return true;
    name = host_name(host);
    while (*at != '\0') {
        const size_t len = strcspn(at, between);

        if (is_equal(name, at, len))
            return true;
        at += len;
        at += strspn(at, between);
    }
    return false;
}

bool origin_is_same_site(const struct request *request)
{
    const char *site = request_header(request, "HTTP_SEC_FETCH_SITE");
    const char *origin = request_header(request, "HTTP_ORIGIN");
    const char *host = request_header(request, "HTTP_HOST");
    const char *scheme = request_header(request, "REQUEST_SCHEME");
    const char *between;

    if (site != NULL)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    if (origin == NULL)
        return true;
    between = strstr(origin, "://");
    return between != NULL && host != NULL && strcasecmp(between + 3, host) == 0 &&
           (scheme == NULL || is_equal(text_from_cstr(scheme), origin, (size_t)(between - origin)));
}

const char *origin_site(const struct request *request, struct arena *arena)
{
    const char *scheme = request_header(request, "REQUEST_SCHEME");
    const char *host = request_header(request, "HTTP_HOST");

    if (*link_site() != '\0')
        return link_site();
    return arena_format(arena, "%s://%s", scheme != NULL ? scheme : "http", host != NULL ? host : "localhost");
}
