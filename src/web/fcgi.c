#include "web/fcgi.h"

#include <errno.h>
#include <fastcgi.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

enum { RECORD_BYTES = 65528 }; /* maximum content of a record, in whole blocks of 8 */

void fcgi_close_after(FCGX_Request *fcgi)
{
    fcgi->keepConnection = 0;
}

int fcgi_connection(const FCGX_Request *fcgi)
{
    return fcgi->ipcFd;
}

size_t fcgi_read(FCGX_Request *fcgi, char *at, size_t size)
{
    FCGX_Stream *in = fcgi->in;
    const int first = FCGX_GetChar(in); /* fills the buffer if it is empty */
    size_t more;

    if (first == EOF)
        return 0;
    at[0] = (char)first;
    more = (size_t)(in->stop - in->rdNext);
    more = more < size - 1 ? more : size - 1;
    if (more > 0) /* not INT_MAX: a buffer has 8 KB */
        more = (size_t)FCGX_GetStr(at + 1, (int)more, in);
    explicit_bzero(in->rdNext - more - 1, more + 1);
    return more + 1;
}

/* Writes all parts completely, or fails: then the connection is broken, which libfcgi will notice. */
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

void fcgi_finish_with(FCGX_Request *fcgi, const struct buf *out)
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
        fcgi_leave(fcgi);
    } else {
        write_records(fcgi, out->at, out->len, (struct iovec){0});
        FCGX_Finish_r(fcgi);
    }
}

void fcgi_leave(FCGX_Request *fcgi)
{
    FCGX_Detach(fcgi); /* close without reading or shutdown */
    FCGX_Free(fcgi, 1);
}

bool fcgi_write(const FCGX_Request *fcgi, const char *bytes, size_t len)
{
    return write_records(fcgi, bytes, len, (struct iovec){0});
}

void fcgi_cut(FCGX_Request *fcgi)
{
    FCGX_Free(fcgi, 1);
}
