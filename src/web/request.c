#include "web/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"

const char *request_header(const struct request *request, const char *name)
{
    return FCGX_GetParam(name, request->fcgi->envp);
}

static enum method read_method(const char *name)
{
    if (name == NULL)
        return METHOD_OTHER;
    if (strcmp(name, "GET") == 0)
        return METHOD_GET;
    if (strcmp(name, "HEAD") == 0)
        return METHOD_HEAD;
    if (strcmp(name, "POST") == 0)
        return METHOD_POST;
    return METHOD_OTHER;
}

/* Splits off what stands before the first c in rest, and moves rest behind it. */
static struct text split(struct text *rest, char c)
{
    const char *found = rest->len > 0 ? memchr(rest->at, c, rest->len) : NULL;
    const size_t len = found != NULL ? (size_t)(found - rest->at) : rest->len;
    const struct text part = {rest->at, len};

    rest->at += found != NULL ? len + 1 : len;
    rest->len -= found != NULL ? len + 1 : len;
    return part;
}

/* Reads name=value&name=value. Returns false if there are too many. */
static bool read_parameters(struct parameters *parameters, struct text rest, struct arena *arena)
{
    *parameters = (struct parameters){arena_alloc(arena, LIMIT_PARAMETERS * sizeof(struct parameter)), 0};
    while (rest.len > 0) {
        struct text value = split(&rest, '&');
        const struct text name = split(&value, '=');

        if (name.len == 0 && value.len == 0)
            continue;
        if (parameters->count == LIMIT_PARAMETERS)
            return false;
        parameters->all[parameters->count++] =
            (struct parameter){text_percent_decode(arena, name, true), text_percent_decode(arena, value, true)};
    }
    return true;
}

enum err_code request_read(struct request *request, FCGX_Request *fcgi, struct arena *arena, struct err *err)
{
    struct text rest;

    *request = (struct request){.fcgi = fcgi};
    request->method = read_method(request_header(request, "REQUEST_METHOD"));
    rest = text_of(request_header(request, "REQUEST_URI"));
    if (rest.len > 0 && rest.at[0] != '/') { /* a whole URL, as a proxy may be sent */
        const char *host = strstr(rest.at, "://");
        const char *slash = host != NULL ? strchr(host + 3, '/') : NULL;

        rest = text_of(slash);
    }
    request->path = split(&rest, '?');
    if (request->path.len == 0)
        return err_set(err, ERR_INVALID, "This address has no path.");
    if (rest.len > LIMIT_QUERY_BYTES)
        return err_set(err, ERR_INVALID, "What follows the '?' in the address is longer than %d bytes.",
                       LIMIT_QUERY_BYTES);
    if (!read_parameters(&request->query, rest, arena))
        return err_set(err, ERR_INVALID, "The address has more than %d parameters.", LIMIT_PARAMETERS);
    return ERR_OK;
}

/* Reads the announced length of the body. Returns -1 if there is none or it is no number. */
static long long content_length(const struct request *request)
{
    const char *header = request_header(request, "CONTENT_LENGTH");
    char *end;
    long long length;

    if (header == NULL || *header == '\0')
        return 0;
    errno = 0;
    length = strtoll(header, &end, 10);
    return errno != 0 || *end != '\0' || length < 0 ? -1 : length;
}

/* Reads and forgets what is left of the body. */
static void drain(struct request *request)
{
    char scrap[8192];

    while (FCGX_GetStr(scrap, sizeof scrap, request->fcgi->in) > 0)
        continue;
}

static bool is_form_type(const char *type)
{
    static const char form[] = "application/x-www-form-urlencoded";
    const size_t len = sizeof form - 1;

    return type != NULL && strncasecmp(type, form, len) == 0 && strchr("; \t", type[len]) != NULL;
}

enum request_body request_read_form(struct request *request, struct arena *arena)
{
    const long long length = content_length(request);
    struct text body;
    char *at;

    request->form = (struct parameters){0};
    if (length < 0 || length > LIMIT_FORM_BYTES) {
        drain(request);
        return length < 0 ? REQUEST_BODY_BROKEN : REQUEST_BODY_TOO_LARGE;
    }
    if (length > 0 && !is_form_type(request_header(request, "CONTENT_TYPE"))) {
        drain(request);
        return REQUEST_BODY_OTHER_TYPE;
    }
    at = arena_alloc(arena, (size_t)length + 1);
    body = (struct text){at, 0};
    while (body.len < (size_t)length) {
        const int got = FCGX_GetStr(at + body.len, (int)((size_t)length - body.len), request->fcgi->in);

        if (got <= 0)
            return REQUEST_BODY_BROKEN;
        body.len += (size_t)got;
    }
    if (!read_parameters(&request->form, body, arena)) {
        request->form = (struct parameters){0};
        return REQUEST_BODY_BROKEN;
    }
    return REQUEST_BODY_FINE;
}

enum request_body request_read_body(struct request *request, long long limit,
                                    void (*take)(void *context, const char *bytes, size_t len), void *context)
{
    const long long length = content_length(request);
    long long done = 0;
    char bytes[16 * 1024];
    int got;

    if (length < 0 || length > limit) {
        drain(request);
        return length < 0 ? REQUEST_BODY_BROKEN : REQUEST_BODY_TOO_LARGE;
    }
    while ((got = FCGX_GetStr(bytes, sizeof bytes, request->fcgi->in)) > 0) {
        take(context, bytes, (size_t)got);
        done += got;
    }
    return done == length ? REQUEST_BODY_FINE : REQUEST_BODY_BROKEN;
}

struct text request_parameter(const struct parameters *parameters, const char *name)
{
    for (size_t i = parameters->count; i > 0; i--)
        if (text_equal_string(parameters->all[i - 1].name, name))
            return parameters->all[i - 1].value;
    return (struct text){"", 0};
}

struct text request_cookie(const struct request *request, const char *name)
{
    struct text rest = text_of(request_header(request, "HTTP_COOKIE"));

    while (rest.len > 0) {
        struct text value = text_trim(split(&rest, ';'));

        if (text_equal_string(split(&value, '='), name))
            return value;
    }
    return (struct text){"", 0};
}

/* Returns an entity tag without its mark of weakness. */
static struct text opaque(struct text tag)
{
    if (tag.len > 2 && tag.at[0] == 'W' && tag.at[1] == '/')
        tag = (struct text){tag.at + 2, tag.len - 2};
    return tag;
}

bool request_has(const struct request *request, const char *etag)
{
    struct text rest = text_of(request_header(request, "HTTP_IF_NONE_MATCH"));

    while (rest.len > 0) {
        const struct text tag = text_trim(split(&rest, ','));

        if (text_equal_string(tag, "*") || text_equal(opaque(tag), opaque(text_of(etag))))
            return true;
    }
    return false;
}

/* Returns the quality that an Accept header gives to a media type it names, from 0 to 1; 0 if it does not name it. */
static double accepted(const char *accept, const char *type)
{
    struct text rest = text_of(accept);

    while (rest.len > 0) {
        struct text range = split(&rest, ',');
        const struct text name = text_trim(split(&range, ';'));

        if (name.len != strlen(type) || strncasecmp(name.at, type, name.len) != 0)
            continue;
        while (range.len > 0) {
            struct text value = split(&range, ';');

            if (text_equal_string(text_trim(split(&value, '=')), "q"))
                return strtod(value.at, NULL); /* ends at what is no number; the header ends with a NUL */
        }
        return 1;
    }
    return 0;
}

bool request_wants_json(const struct request *request)
{
    const char *accept = request_header(request, "HTTP_ACCEPT");
    const double html = accepted(accept, "text/html");

    return accepted(accept, "application/json") > html || accepted(accept, "application/problem+json") > html;
}

bool request_is_same_site(const struct request *request)
{
    const char *site = request_header(request, "HTTP_SEC_FETCH_SITE");
    const char *origin = request_header(request, "HTTP_ORIGIN");
    const char *host = request_header(request, "HTTP_HOST");
    const char *origin_host;

    if (site != NULL)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    if (origin == NULL)
        return true;
    origin_host = strstr(origin, "://");
    return origin_host != NULL && host != NULL && strcasecmp(origin_host + 3, host) == 0;
}
