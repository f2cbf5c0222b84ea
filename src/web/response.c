#include "web/response.h"

#include <stdarg.h>

void response_clear(struct response *response)
{
    response->status = 500;
    buf_clear(&response->headers);
    buf_clear(&response->body);
}

void response_free(struct response *response)
{
    buf_free(&response->headers);
    buf_free(&response->body);
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

void response_see_other(struct response *response, const char *address)
{
    response->status = 303;
    response_header(response, "Location", "%s", address);
}

const char *response_reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 303:
        return "See Other";
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
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

/* The headers that every answer carries, errors too. */
static const char common_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n";

void response_send(struct response *response, FCGX_Stream *out, bool is_head)
{
    struct buf head = {0};

    buf_add_format(&head, "Status: %d %s\r\n", response->status, response_reason(response->status));
    buf_add(&head, response->headers.at, response->headers.len);
    buf_add_string(&head, common_headers);
    buf_add_format(&head, "Content-Length: %zu\r\n\r\n", response->body.len);
    if (FCGX_PutStr(head.at, (int)head.len, out) >= 0 && !is_head && response->body.len > 0)
        FCGX_PutStr(response->body.at, (int)response->body.len, out);
    buf_free(&head);
}
