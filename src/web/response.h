/*
 * response: what a client is answered: status, headers, body. It is gathered in memory and sent at the end, so that a
 * failure half-way can still become an error page; but one that is too large for that is streamed.
 */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Gathered until the end; or streamed: its head is sent; or cut: it cannot be brought to its end. */
enum response_stage { RESPONSE_GATHERED, RESPONSE_STREAMED, RESPONSE_CUT };

/* The buffers are kept from request to request. */
struct response {
    enum response_stage stage;
    int status;
    int64_t not_before; /* clock_us() before which nobody may have it; 0: it may go at once */
    struct buf headers; /* "Name: value\r\n" each */
    struct buf body;
    struct buf sent; /* all of it, as it is sent */
};

/* Begins anew: status 500 until a handler says better, no headers, no body. */
void response_clear(struct response *response);
void response_free(struct response *response);

/* Adds a header. The value is made by us or percent-encoded: it never holds a line break. */
void response_header(struct response *response, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the header Link with these links, unless that would be too long. */
void response_link(struct response *response, const char *links);

/* Makes it a 303 to an address of ours (view/link.h). */
void response_see_other(struct response *response, const char *address);

/* Makes it a 304: the client has it already. */
void response_not_modified(struct response *response);

/* Returns the reason phrase of a status: "Not Found". */
const char *response_reason(int status);

/*
 * Sends it, without the body where the request was a HEAD, and finishes the request. A client that went away is no
 * error. Written to the socket as few large records, where libfcgi's stream would write one for every 8 KB.
 */
void response_send(struct response *response, FCGX_Request *fcgi, bool is_head);

/* Finishes a request whose connection another process has taken over: closes it without a word. */
void response_leave(FCGX_Request *fcgi);

/*
 * Begins to stream: sends status and headers, without a length. From now on what is added to the body is to be sent on
 * by response_flush(), which empties it. Both return false once the client is gone, or takes nothing any more; there is
 * no point in going on then.
 */
bool response_stream(struct response *response, const FCGX_Request *fcgi);
bool response_flush(struct response *response, const FCGX_Request *fcgi);

/*
 * Gives a streamed answer up: its connection is to be closed without the end that FastCGI has for a request, upon which
 * the server in front breaks off its own answer, and the client knows that something is missing.
 */
void response_cut(struct response *response);

/* Finishes the request of an answer that was streamed. */
void response_end(struct response *response, FCGX_Request *fcgi);

#endif
