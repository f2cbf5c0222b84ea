#include "web/response.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/gzip.h"
#include "base/limits.h"
#include "web/fcgi.h"

void response_clear(struct response *response)
{
    response->status = 500;
    response->stage = RESPONSE_GATHERED;
    response->not_before = 0;
    response->is_final = false;
    buf_clear(&response->headers);
    buf_clear(&response->body);
    buf_clear(&response->packed);
}

void response_free(struct response *response)
{
    buf_free(&response->headers);
    buf_free(&response->body);
    buf_free(&response->packed);
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

void response_compress(struct response *response, bool is_accepted)
{
    const struct buf *body = &response->body;

    if (response->is_final || (body->len == 0 && response->status != 304))
        return;
    response_header(response, "Vary", "Accept-Encoding");
    if (is_accepted && body->len >= LIMIT_PLAIN_BYTES && gzip_add(&response->packed, body))
        response_header(response, "Content-Encoding", "gzip");
}

const struct buf *response_content(const struct response *response)
{
    return response->packed.len > 0 ? &response->packed : &response->body;
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
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
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
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

/* The headers of every response, including errors. */
static const char common_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n";

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
    const struct buf *content = response_content(response);
    struct buf *out = &response->sent;

    write_head(response);
    if (response->status != 304 && response->status != 204)
        buf_add_format(out, "Content-Length: %zu\r\n", content->len);
    buf_add_string(out, "\r\n");
    if (!is_head)
        buf_add(out, content->at, content->len);
    fcgi_finish_with(fcgi, out);
}

bool response_stream(struct response *response, const FCGX_Request *fcgi)
{
    write_head(response);
    buf_add_string(&response->sent, "\r\n");
    response->stage = RESPONSE_STREAMED;
    return fcgi_write(fcgi, response->sent.at, response->sent.len);
}

bool response_flush(struct response *response, const FCGX_Request *fcgi)
{
    const bool is_sent = fcgi_write(fcgi, response->body.at, response->body.len);

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
        fcgi_cut(fcgi);
    else
        FCGX_Finish_r(fcgi);
}
