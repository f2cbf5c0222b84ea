#include "web/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"

const char *request_header(const struct request *request, const char *name)
{
    return FCGX_GetParam(name, request->fcgi->envp);
}

static const struct {
    const char *name;
    enum method method;
} methods[] = {{"GET", METHOD_GET},     {"HEAD", METHOD_HEAD},     {"POST", METHOD_POST},      {"PUT", METHOD_PUT},
               {"PATCH", METHOD_PATCH}, {"DELETE", METHOD_DELETE}, {"OPTIONS", METHOD_OPTIONS}};

enum { METHODS = sizeof methods / sizeof *methods };

static enum method read_method(const char *name)
{
    for (int i = 0; name != NULL && i < METHODS; i++)
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].method;
    return METHOD_OTHER;
}

void request_add_methods(struct buf *out, unsigned wanted)
{
    const char *between = "";

    for (int i = 0; i < METHODS; i++) {
        if ((wanted & methods[i].method) == 0)
            continue;
        buf_add_format(out, "%s%s", between, methods[i].name);
        between = ", ";
    }
}

/* Returns the value of a hexadecimal digit, -1 for another character. */
static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Returns the part of a path below base, as described in the header. */
static struct text below(const char *base, struct text path)
{
    static const struct text outside = {"*", 1};
    size_t at = 0;

    for (; *base != '\0'; base++) {
        if (at < path.len && path.at[at] == *base)
            at += 1;
        else if (at + 2 < path.len && path.at[at] == '%' &&
                 hex_value(path.at[at + 1]) * 16 + hex_value(path.at[at + 2]) == (unsigned char)*base)
            at += 3;
        else
            return outside;
    }
    path = (struct text){path.at + at, path.len - at};
    return path.len == 0 || path.at[0] == '/' ? path : outside;
}

enum err_code request_read(struct request *request, FCGX_Request *fcgi, const char *base, struct arena *arena,
                           struct err *err)
{
    struct text rest;

    *request = (struct request){.fcgi = fcgi};
    request->method = read_method(request_header(request, "REQUEST_METHOD"));
    rest = text_from_cstr(request_header(request, "REQUEST_URI"));
    if (rest.len > 0 && rest.at[0] != '/') { /* an absolute URL, as sent to a proxy */
        const char *host = strstr(rest.at, "://");
        const char *slash = host != NULL ? strchr(host + 3, '/') : NULL;

        rest = text_from_cstr(slash);
    }
    request->path = text_copy(arena, text_split(&rest, '?'));
    if (request->path.len == 0)
        return err_set(err, ERR_INVALID, "The URL has no path.");
    if (*base != '\0')
        request->path = below(base, request->path);
    if (request->path.len > 0 && request->path.at[0] == '/')
        request->target = text_from_cstr(arena_format(arena, "%.*s%s%.*s", (int)request->path.len, request->path.at,
                                                      rest.len > 0 ? "?" : "", (int)rest.len, rest.at));
    if (rest.len > LIMIT_QUERY_BYTES)
        return err_set(err, ERR_INVALID, "The query string of the URL is longer than %d bytes.", LIMIT_QUERY_BYTES);
    if (!parameters_read(&request->query, rest, arena))
        return err_set(err, ERR_INVALID, "The URL has more than %d parameters.", LIMIT_PARAMETERS);
    return ERR_OK;
}

struct text request_cookie(const struct request *request, const char *name)
{
    struct text rest = text_from_cstr(request_header(request, "HTTP_COOKIE"));

    while (rest.len > 0) {
        struct text value = text_trim(text_split(&rest, ';'));

        if (text_equal_string(text_split(&value, '='), name))
            return value;
    }
    return (struct text){"", 0};
}

/* Returns an entity tag without its W/ prefix. */
static struct text opaque(struct text tag)
{
    if (tag.len > 2 && tag.at[0] == 'W' && tag.at[1] == '/')
        tag = (struct text){tag.at + 2, tag.len - 2};
    return tag;
}

bool request_names_versions(const struct request *request)
{
    const char *versions = request_header(request, "HTTP_IF_NONE_MATCH");

    return versions != NULL && strchr(versions, '*') == NULL; /* one with an asterisk is not ours */
}

bool request_has(const struct request *request, const char *etag)
{
    struct text rest = text_from_cstr(request_header(request, "HTTP_IF_NONE_MATCH"));

    while (rest.len > 0) {
        const struct text tag = text_trim(text_split(&rest, ','));

        if (text_equal_string(tag, "*") || text_equal(opaque(tag), opaque(text_from_cstr(etag))))
            return true;
    }
    return false;
}

bool request_names_tag(const struct request *request, const char *header, const char *etag)
{
    struct text rest = text_from_cstr(request_header(request, header));

    while (rest.len > 0 && etag != NULL) {
        const struct text tag = text_trim(text_split(&rest, ','));

        if (text_equal_string(tag, "*") || text_equal_string(tag, etag))
            return true;
    }
    return false;
}

/* Returns the quality of a name in a header such as Accept, from 0 to 1; 0 if it is not listed. */
static double accepted(const char *accept, const char *wanted)
{
    struct text rest = text_from_cstr(accept);

    while (rest.len > 0) {
        struct text range = text_split(&rest, ',');
        const struct text name = text_trim(text_split(&range, ';'));

        if (name.len != strlen(wanted) || strncasecmp(name.at, wanted, name.len) != 0)
            continue;
        while (range.len > 0) {
            struct text value = text_split(&range, ';');
            const struct text parameter = text_trim(text_split(&value, '='));

            if (parameter.len == 1 && (parameter.at[0] == 'q' || parameter.at[0] == 'Q'))
                return strtod(value.at, NULL); /* stops at the first non-digit; the header is NUL-terminated */
        }
        return 1;
    }
    return 0;
}

bool request_accepts_gzip(const struct request *request)
{
    return accepted(request_header(request, "HTTP_ACCEPT_ENCODING"), "gzip") > 0;
}

bool request_wants_json(const struct request *request)
{
    static const char api[] = "/api/";
    const char *accept = request_header(request, "HTTP_ACCEPT");
    const double html = accepted(accept, "text/html");

    if (request->path.len >= sizeof api - 1 && memcmp(request->path.at, api, sizeof api - 1) == 0)
        return true;
    return accepted(accept, "application/json") > html || accepted(accept, "application/problem+json") > html;
}
