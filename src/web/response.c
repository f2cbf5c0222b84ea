#include "web/response.h"

#include <errno.h>
#include <fastcgi.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "base/limits.h"

enum { RECORD_BYTES = 65528 }; /* maximum content of a record, in whole blocks of 8 */

void response_clear(struct response *response)
{
    response->status = 500;
    response->stage = RESPONSE_GATHERED;
    response->not_before = 0;
    buf_clear(&response->headers);
    buf_clear(&response->body);
}

void response_free(struct response *response)
{
    buf_free(&response->headers);
    buf_free(&response->body);
    buf_free(&response->sent);
}

void response_header(struct response *response, const char *name, const char *format, ...)
{
    va_list args;

    buf_add_format(&response->headers, "%s: ", name);
    va_start(args, format);
    buf_add_arguments(&response->headers, format, args);
    va_end(args);
    buf_add_string(&response->headers, "\r\n");
}

void response_link(struct response *response, const char *links)
{
    if (strlen(links) <= LIMIT_LINK_BYTES)
        response_header(response, "Link", "%s", links);
}

void response_see_other(struct response *response, const char *address)
{
    response->status = 303;
    response_header(response, "Location", "%s", address);
}

void response_not_modified(struct response *response)
{
    response->status = 304;
    buf_clear(&response->body);
}

const char *response_reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 421:
        return "Misdirected Request";
    case 422:
        return "Unprocessable Content";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

/* The headers of every response, including errors. */
static const char common_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n";

/* Writes both parts completely, or fails: then the connection is broken, which libfcgi will notice. */
static bool write_all(int fd, struct iovec *parts, int count)
{
    while (count > 0) {
        ssize_t written = writev(fd, parts, count);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        while (count > 0 && (size_t)written >= parts->iov_len) {
            written -= (ssize_t)parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *)parts->iov_base + written;
            parts->iov_len -= (size_t)written;
        }
    }
    return true;
}

/* Writes bytes as FCGI_STDOUT records (FastCGI 1.0, section 3.3), with end after the last one. */
static bool write_records(const FCGX_Request *fcgi, const char *bytes, size_t len, struct iovec end)
{
    while (len > 0) {
        const size_t part = len < RECORD_BYTES ? len : RECORD_BYTES;
        FCGI_Header header = {.version = FCGI_VERSION_1,
                              .type = FCGI_STDOUT,
                              .requestIdB1 = (unsigned char)(fcgi->requestId >> 8),
                              .requestIdB0 = (unsigned char)fcgi->requestId,
                              .contentLengthB1 = (unsigned char)(part >> 8),
                              .contentLengthB0 = (unsigned char)part};
        struct iovec parts[] = {{&header, sizeof header}, {(void *)(uintptr_t)bytes, part}, end};

        if (!write_all(fcgi->ipcFd, parts, part < len ? 2 : 3))
            return false;
        bytes += part;
        len -= part;
    }
    return true;
}

/*
 * Returns whether the web server wants the connection closed and has nothing more to send: then closing it loses
 * neither its data nor our response. Without a body, only the end of the body is unread.
 */
static bool is_heard_out(const FCGX_Request *fcgi)
{
    const char *length = FCGX_GetParam("CONTENT_LENGTH", fcgi->envp);

    return !fcgi->keepConnection && (length == NULL || *length == '\0' || strcmp(length, "0") == 0) &&
           FCGX_GetChar(fcgi->in) == EOF && FCGX_GetError(fcgi->in) == 0;
}

/*
 * Sends the response in out. If no more data will arrive, also sends its end and closes the connection immediately;
 * FCGX_Finish_r would write the end separately and then read until the other side closes.
 */
static void send_and_finish(FCGX_Request *fcgi, const struct buf *out)
{
    const unsigned char id1 = (unsigned char)(fcgi->requestId >> 8), id0 = (unsigned char)fcgi->requestId;
    struct {
        FCGI_Header no_more;
        FCGI_EndRequestRecord end;
    } end = {
        {.version = FCGI_VERSION_1, .type = FCGI_STDOUT, .requestIdB1 = id1, .requestIdB0 = id0},
        {.header = {.version = FCGI_VERSION_1,
                    .type = FCGI_END_REQUEST,
                    .requestIdB1 = id1,
                    .requestIdB0 = id0,
                    .contentLengthB0 = sizeof(FCGI_EndRequestBody)},
         .body = {.protocolStatus = FCGI_REQUEST_COMPLETE}},
    };

    if (is_heard_out(fcgi)) {
        write_records(fcgi, out->at, out->len, (struct iovec){&end, sizeof end});
        response_leave(fcgi);
    } else {
        write_records(fcgi, out->at, out->len, (struct iovec){0});
        FCGX_Finish_r(fcgi);
    }
}

void response_leave(FCGX_Request *fcgi)
{
    FCGX_Detach(fcgi); /* close without reading or shutdown */
    FCGX_Free(fcgi, 1);
}

/* Writes status and headers, without the empty line after them. */
static void write_head(struct response *response)
{
    struct buf *out = &response->sent;

    buf_clear(out);
    buf_add_format(out, "Status: %d %s\r\n", response->status, response_reason(response->status));
    buf_add(out, response->headers.at, response->headers.len);
    buf_add_string(out, common_headers);
}

void response_send(struct response *response, FCGX_Request *fcgi, bool is_head)
{
    struct buf *out = &response->sent;

    write_head(response);
    if (response->status != 304 && response->status != 204)
        buf_add_format(out, "Content-Length: %zu\r\n", response->body.len);
    buf_add_string(out, "\r\n");
    if (!is_head)
        buf_add(out, response->body.at, response->body.len);
    send_and_finish(fcgi, out);
}

bool response_stream(struct response *response, const FCGX_Request *fcgi)
{
    write_head(response);
    buf_add_string(&response->sent, "\r\n");
    response->stage = RESPONSE_STREAMED;
    return write_records(fcgi, response->sent.at, response->sent.len, (struct iovec){0});
}

bool response_flush(struct response *response, const FCGX_Request *fcgi)
{
    const bool is_sent = write_records(fcgi, response->body.at, response->body.len, (struct iovec){0});

    buf_clear(&response->body);
    return is_sent;
}

void response_cut(struct response *response)
{
    response->stage = RESPONSE_CUT;
}

void response_end(struct response *response, FCGX_Request *fcgi)
{
    if (response->stage == RESPONSE_CUT)
        FCGX_Free(fcgi, 1); /* closes the connection without an end record, so that nobody takes a part for the whole */
    else
        FCGX_Finish_r(fcgi);
}
