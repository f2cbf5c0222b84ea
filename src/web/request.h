/* request: a request read from FastCGI and decoded: method, path, parameters, relevant headers. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/parameters.h"

enum method {
    METHOD_GET = 1,
    METHOD_HEAD = 2,
    METHOD_POST = 4,
    METHOD_PUT = 8,
    METHOD_PATCH = 16,
    METHOD_DELETE = 32,
    METHOD_OPTIONS = 64,
    METHOD_OTHER = 128,
    METHOD_READS = METHOD_GET | METHOD_HEAD, /* safe methods */
    METHOD_NAMED = METHOD_OTHER - 1          /* all but METHOD_OTHER */
};

/* All texts live in the arena passed to request_read(). */
struct request {
    enum method method;
    /*
     * The path below the site's base path, as sent, percent-encoded, without the query string. "": the base path
     * itself, without a slash. A path outside of the site is "*", which no route has.
     */
    struct text path;
    struct text target; /* the same with the query string; empty for a path outside of the site */
    struct parameters query, form;
    uint64_t body_left; /* unread bytes of the body, after request_begin_body() */
    FCGX_Request *fcgi;
};

/*
 * Reads everything except the body. base: the base path, as in config.base. The path may spell it with
 * percent-encoding ("/%7Euser"), which is the same URL (RFC 3986, section 6.2.2). ERR_INVALID: no usable path, more
 * than LIMIT_PARAMETERS parameters, or a query string longer than LIMIT_QUERY_BYTES.
 */
enum err_code request_read(struct request *request, FCGX_Request *fcgi, const char *base, struct arena *arena,
                           struct err *err);

/* Appends the names of a bitmask of methods, in the format of the Allow header: "GET, HEAD, POST". */
void request_add_methods(struct buf *out, unsigned methods);

/* The result of reading a body. BROKEN: invalid length, fewer bytes than announced, or not a valid form. */
enum request_body { REQUEST_BODY_FINE, REQUEST_BODY_TOO_LARGE, REQUEST_BODY_OTHER_TYPE, REQUEST_BODY_BROKEN };

/* Returns whether the body has this media type, ignoring its parameters. */
bool request_is_type(const struct request *request, const char *type);

/*
 * Reads a large body in pieces. request_begin_body accepts a body of at most this many bytes; it reads and discards a
 * longer one, so that the web server can accept our response. request_next_piece then reads the next piece, at most
 * size bytes, into at; *got is 0 at the end.
 */
enum request_body request_begin_body(struct request *request, uint64_t most);
enum request_body request_next_piece(struct request *request, char *at, size_t size, size_t *got);
void request_forget_body(struct request *request); /* discards the rest */

/* Reads the whole body, at most this many bytes, into arena. */
enum request_body request_read_body(struct request *request, size_t most, struct arena *arena, struct text *body);

/*
 * Parses the body as application/x-www-form-urlencoded into request->form. Unless it returns REQUEST_BODY_FINE (other
 * results: more than LIMIT_FORM_BYTES, another type, fewer bytes than announced, too many parameters) the form is
 * empty. It always reads the whole body, so that the web server can accept our response.
 */
enum request_body request_read_form(struct request *request, struct arena *arena);

/* Returns a header by its CGI name, such as "HTTP_ACCEPT", or NULL. */
const char *request_header(const struct request *request, const char *name);

/* Returns the value of a cookie as sent; the empty text if there is none. */
struct text request_cookie(const struct request *request, const char *name);

/* Returns whether the client names versions that it has (If-None-Match), and not any by "*". */
bool request_names_versions(const struct request *request);

/* Returns whether the client already has etag (If-None-Match, weak comparison: RFC 9110, section 13.1.2). */
bool request_has(const struct request *request, const char *etag);

/*
 * Returns whether a header with entity tags, such as "HTTP_IF_MATCH", matches etag. "*" matches any except NULL, which
 * means that the resource does not exist. Strong comparison: a weak tag never matches.
 */
bool request_names_tag(const struct request *request, const char *header, const char *etag);

/* Returns whether the client names gzip among the encodings that it accepts (RFC 9110, section 12.5.3). */
bool request_accepts_gzip(const struct request *request);

/* Returns whether errors are in JSON: always in /api/, elsewhere if the client prefers JSON to HTML. */
bool request_wants_json(const struct request *request);

#endif
