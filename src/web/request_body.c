/* The half of request that reads bodies: checks of length and type, in pieces or at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "web/fcgi.h"
#include "web/request.h"

/* Returns the announced length of the body, -1 if it is not a number. */
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

void request_forget_body(struct request *request)
{
    char scrap[8192];

    while (fcgi_read(request->fcgi, scrap, sizeof scrap) > 0)
        continue;
    explicit_bzero(scrap, sizeof scrap);
    request->body_left = 0;
}

bool request_is_type(const struct request *request, const char *type)
{
    const char *sent = request_header(request, "CONTENT_TYPE");
    const size_t len = strlen(type);

    return sent != NULL && strncasecmp(sent, type, len) == 0 && strchr("; \t", sent[len]) != NULL;
}

enum request_body request_begin_body(struct request *request, uint64_t most)
{
    const long long length = content_length(request);

    if (length < 0 || (uint64_t)length > most) {
        request_forget_body(request);
        return length < 0 ? REQUEST_BODY_BROKEN : REQUEST_BODY_TOO_LARGE;
    }
    request->body_left = (uint64_t)length;
    return REQUEST_BODY_FINE;
}

enum request_body request_next_piece(struct request *request, char *at, size_t size, size_t *got)
{
    const size_t wanted = request->body_left < size ? (size_t)request->body_left : size;

    *got = 0;
    if (wanted == 0)
        return REQUEST_BODY_FINE;
    *got = fcgi_read(request->fcgi, at, wanted);
    request->body_left -= *got;
    return *got > 0 ? REQUEST_BODY_FINE : REQUEST_BODY_BROKEN;
}

/* Reads an accepted body into arena. */
static enum request_body read_all(struct request *request, struct arena *arena, struct text *body)
{
    enum request_body result = REQUEST_BODY_FINE;
    char *at = arena_alloc(arena, (size_t)request->body_left + 1);
    size_t got = 1;

    *body = (struct text){at, 0};
    while (result == REQUEST_BODY_FINE && got > 0) {
        result = request_next_piece(request, at + body->len, (size_t)request->body_left, &got);
        body->len += got;
    }
    at[body->len] = '\0';
    return result;
}

enum request_body request_read_body(struct request *request, size_t most, struct arena *arena, struct text *body)
{
    const enum request_body result = request_begin_body(request, most);

    *body = (struct text){"", 0};
    return result == REQUEST_BODY_FINE ? read_all(request, arena, body) : result;
}

enum request_body request_read_form(struct request *request, struct arena *arena)
{
    enum request_body result = request_begin_body(request, LIMIT_FORM_BYTES);
    struct text body;

    request->form = (struct parameters){0};
    if (result != REQUEST_BODY_FINE)
        return result;
    if (request->body_left > 0 && !request_is_type(request, "application/x-www-form-urlencoded")) {
        request_forget_body(request);
        return REQUEST_BODY_OTHER_TYPE;
    }
    result = read_all(request, arena, &body);
    if (result == REQUEST_BODY_FINE && !parameters_read(&request->form, body, arena)) {
        request->form = (struct parameters){0};
        result = REQUEST_BODY_BROKEN;
    }
    return result;
}
