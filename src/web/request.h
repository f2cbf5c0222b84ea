/*
 * request: what a client asks, read from FastCGI and decoded: method, path, parameters, the headers that matter.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

enum method { METHOD_GET = 1, METHOD_HEAD = 2, METHOD_POST = 4, METHOD_OTHER = 8 };

struct parameter {
    struct text name, value; /* decoded; any bytes */
};

struct parameters {
    struct parameter *all;
    size_t count;
};

/* All texts live in the arena that the request was read with. */
struct request {
    enum method method;
    struct text path; /* as it was sent, still percent-encoded, without the query */
    struct parameters query, form;
    FCGX_Request *fcgi;
};

/*
 * Reads all but the body. ERR_INVALID: there is no usable path, or more than LIMIT_PARAMETERS parameters, or a query of
 * more than LIMIT_QUERY_BYTES.
 */
enum err_code request_read(struct request *request, FCGX_Request *fcgi, struct arena *arena, struct err *err);

enum request_body { REQUEST_BODY_FINE, REQUEST_BODY_TOO_LARGE, REQUEST_BODY_OTHER_TYPE, REQUEST_BODY_BROKEN };

/*
 * Reads the body as application/x-www-form-urlencoded into request->form. On anything but REQUEST_BODY_FINE (more than
 * LIMIT_FORM_BYTES, another type, fewer bytes than announced or too many parameters) the form is empty; whatever was
 * sent has been read all the same, so that the server in front can take our answer.
 */
enum request_body request_read_form(struct request *request, struct arena *arena);

/*
 * Reads the body of whatever type piece by piece, and gives each to take. REQUEST_BODY_TOO_LARGE: more than limit bytes
 * are announced, and take was given none; REQUEST_BODY_BROKEN: fewer came than were announced. All was read either way.
 */
enum request_body request_read_body(struct request *request, long long limit,
                                    void (*take)(void *context, const char *bytes, size_t len), void *context);

/* Returns the value of the last parameter called name, the empty text if there is none. */
struct text request_parameter(const struct parameters *parameters, const char *name);

/* Returns a header as CGI names it, such as "HTTP_ACCEPT", or NULL. */
const char *request_header(const struct request *request, const char *name);

/* Returns the value of a cookie as it was sent; the empty text if there is none. */
struct text request_cookie(const struct request *request, const char *name);

/* Whether the client has what etag names already (If-None-Match, compared weakly: RFC 9110, section 13.1.2). */
bool request_has(const struct request *request, const char *etag);

/* Whether the client would rather have JSON than HTML. */
bool request_wants_json(const struct request *request);

/*
 * Whether a write may come from where this request comes from: from our own pages (Sec-Fetch-Site, or, where a browser
 * is too old to send it, Origin) or from a program that is no browser and sends neither.
 */
bool request_is_same_site(const struct request *request);

#endif
