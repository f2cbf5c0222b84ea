/* request: what a client asks, read from FastCGI and decoded: method, path, parameters, the headers that matter. */
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
    METHOD_READS = METHOD_GET | METHOD_HEAD, /* what changes nothing but may be given all there is */
    METHOD_NAMED = METHOD_OTHER - 1          /* all but METHOD_OTHER */
};

/* All texts live in the arena that the request was read with. */
struct request {
    enum method method;
    struct text path; /* as it was sent, still percent-encoded, without the query */
    struct parameters query, form;
    uint64_t body_left; /* bytes of the body that are still to be read, once request_begin_body() was asked */
    FCGX_Request *fcgi;
};

/*
 * Reads all but the body. ERR_INVALID: there is no usable path, or more than LIMIT_PARAMETERS parameters, or a query of
 * more than LIMIT_QUERY_BYTES.
 */
enum err_code request_read(struct request *request, FCGX_Request *fcgi, struct arena *arena, struct err *err);

/* Adds the names of methods, or-ed, as the header Allow has them: "GET, HEAD, POST". */
void request_add_methods(struct buf *out, unsigned methods);

/* What became of reading a body. BROKEN: no length that can be read, fewer bytes than announced, or no such form. */
enum request_body { REQUEST_BODY_FINE, REQUEST_BODY_TOO_LARGE, REQUEST_BODY_OTHER_TYPE, REQUEST_BODY_BROKEN };

/* Whether the body is of a media type, whatever its parameters. */
bool request_is_type(const struct request *request, const char *type);

/*
 * The body in pieces, for what is too large to be held. request_begin_body lets a body of at most so many bytes
 * through; one that is longer it reads and forgets, so that the server in front can take our answer. request_next_piece
 * then reads the next piece, of at most size bytes, into at; *got is 0 at the end.
 */
enum request_body request_begin_body(struct request *request, uint64_t most);
enum request_body request_next_piece(struct request *request, char *at, size_t size, size_t *got);
void request_forget_body(struct request *request); /* reads what is left */

/* Reads the whole body, of at most so many bytes, into arena. */
enum request_body request_read_body(struct request *request, size_t most, struct arena *arena, struct text *body);

/*
 * Reads the body as application/x-www-form-urlencoded into request->form. On anything but REQUEST_BODY_FINE (more than
 * LIMIT_FORM_BYTES, another type, fewer bytes than announced or too many parameters) the form is empty; whatever was
 * sent has been read all the same, so that the server in front can take our answer.
 */
enum request_body request_read_form(struct request *request, struct arena *arena);

/* Returns a header as CGI names it, such as "HTTP_ACCEPT", or NULL. */
const char *request_header(const struct request *request, const char *name);

/* Returns the value of a cookie as it was sent; the empty text if there is none. */
struct text request_cookie(const struct request *request, const char *name);

/* Whether the client has what etag names already (If-None-Match, compared weakly: RFC 9110, section 13.1.2). */
bool request_has(const struct request *request, const char *etag);

/*
 * Whether a header that lists entity tags, such as "HTTP_IF_MATCH", names etag; "*" names any but NULL, which stands
 * for what is not there. Compared strongly: a tag that is marked as weak names nothing.
 */
bool request_names_tag(const struct request *request, const char *header, const char *etag);

/* Whether errors are told in JSON: below /api/ always, elsewhere where the client would rather have it than HTML. */
bool request_wants_json(const struct request *request);

#endif
