/*
 * response: status, headers and body. It is buffered in memory and sent at the end, so that a failure half-way can
 * still become an error page. Very large ones are streamed instead.
 */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Buffered until the end; or streamed: its headers are sent; or aborted: it cannot be completed. */
enum response_stage { RESPONSE_GATHERED, RESPONSE_STREAMED, RESPONSE_CUT };

/* The buffers are reused by later requests. */
struct response {
    enum response_stage stage;
    int status;
    int64_t not_before; /* clock_us() before which it must not be sent; 0: send immediately */
    bool is_final;      /* the body is sent byte by byte: a strong ETag names it, or it is compressed already */
    struct buf headers; /* "Name: value\r\n" each */
    struct buf body;
    struct buf packed; /* the body compressed, to be sent instead of it; empty: it is not */
    struct buf sent;   /* the complete response */
};

/* Resets it: status 500 until a handler sets another, no headers, no body. */
void response_clear(struct response *response);
void response_free(struct response *response);

/* Adds a header. The value is trusted or percent-encoded: it never contains a line break. */
void response_header(struct response *response, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a Link header, unless it would be too long. */
void response_link(struct response *response, const char *links);

/* Makes it a 303 to one of our URLs (view/link.h). */
void response_see_other(struct response *response, const char *address);

/* Makes it a 304: the client already has it. */
void response_not_modified(struct response *response);

/*
 * Compresses a body of LIMIT_PLAIN_BYTES or more into packed if the client accepts that, and adds the headers about it
 * (RFC 9110, sections 8.4 and 12.5.5). Not for a final one.
 */
void response_compress(struct response *response, bool is_accepted);

/* Returns the bytes that are sent as the body: packed, if there are any. */
const struct buf *response_content(const struct response *response);

/* Returns the reason phrase of a status: "Not Found". */
const char *response_reason(int status);

/*
 * Sends it, without the body for a HEAD, and finishes the request. A disconnected client is not an error. Writes few
 * large records to the socket; libfcgi's stream would write one for every 8 KB.
 */
void response_send(struct response *response, FCGX_Request *fcgi, bool is_head);

/*
 * Starts streaming: sends status and headers, without a length. From now on response_flush() sends the body so far and
 * empties it. Both return false once the client has disconnected or stopped reading: then stop.
 */
bool response_stream(struct response *response, const FCGX_Request *fcgi);
bool response_flush(struct response *response, const FCGX_Request *fcgi);

/*
 * Aborts a streamed response: its connection is closed without FastCGI's end of request. The web server then aborts its
 * own response, so the client notices that it is incomplete.
 */
void response_cut(struct response *response);

/* Finishes the request of a streamed response. */
void response_end(struct response *response, FCGX_Request *fcgi);

#endif
