#include "web/multipart.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

enum { BOUNDARY_BYTES = 70, HEAD_BYTES = 4096 /* maximum size of a part's headers */ };

struct multipart {
    struct multipart_hooks hooks;
    char delimiter[4 + BOUNDARY_BYTES + 1]; /* CR LF, two dashes and the boundary */
    size_t length;                          /* of it */
    size_t matched;                         /* bytes of it matched so far; a CR only occurs at its start */
    enum { PREAMBLE, BEHIND, HEAD, BODY, EPILOGUE, BROKEN } state;
    struct buf line; /* the rest of a delimiter line, or the headers of the current part */
};

bool multipart_boundary(const char *type, struct text *boundary)
{
    static const char form[] = "multipart/form-data";
    const char *at;

    if (type == NULL || strncasecmp(type, form, sizeof form - 1) != 0)
        return false;
    at = strcasestr(type + sizeof form - 1, "boundary=");
    if (at == NULL)
        return false;
    at += strlen("boundary=");
    *boundary = *at == '"' ? (struct text){at + 1, strcspn(at + 1, "\"")} : (struct text){at, strcspn(at, "; \t")};
    return boundary->len > 0 && boundary->len <= BOUNDARY_BYTES;
}

struct multipart *multipart_new(struct text boundary, const struct multipart_hooks *hooks)
{
    struct multipart *multipart = mem_zero(sizeof *multipart);

    multipart->hooks = *hooks;
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(multipart->delimiter + 4, boundary.at, boundary.len);
    multipart->length = 4 + boundary.len;
    multipart->matched = 2; /* the first one may start the body */
    return multipart;
}

void multipart_free(struct multipart *multipart)
{
    if (multipart == NULL)
        return;
    buf_free(&multipart->line);
    free(multipart);
}

/* Returns the value of a parameter such as name="..." in a header; at is NULL if there is none. */
static struct text parameter(struct text header, const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; i + len + 3 <= header.len; i++) {
        const char *at = header.at + i, *end;

        if ((at[0] != ' ' && at[0] != ';') || strncasecmp(at + 1, name, len) != 0 ||
            memcmp(at + 1 + len, "=\"", 2) != 0)
            continue;
        at += len + 3;
        end = memchr(at, '"', (size_t)(header.at + header.len - at));
        if (end != NULL)
            return (struct text){at, (size_t)(end - at)};
    }
    return (struct text){NULL, 0};
}

/* Starts the part whose headers are complete. */
static void begin_part(struct multipart *multipart)
{
    static const char name[] = "content-disposition:";
    struct text rest = {multipart->line.at, multipart->line.len}, field = {NULL, 0}, file = {NULL, 0};

    while (rest.len > 0) {
        const char *end = memchr(rest.at, '\n', rest.len);
        const struct text header = {rest.at, end != NULL ? (size_t)(end - rest.at) : rest.len};

        if (header.len > sizeof name && strncasecmp(header.at, name, sizeof name - 1) == 0) {
            field = parameter(header, "name");
            file = parameter(header, "filename");
        }
        rest = end != NULL ? (struct text){end + 1, rest.len - header.len - 1} : (struct text){NULL, 0};
    }
    multipart->state = field.at != NULL ? BODY : BROKEN;
    if (field.at != NULL)
        multipart->hooks.part(multipart->hooks.context, field, file);
    buf_clear(&multipart->line);
}

/* Handles a byte of the rest of a delimiter line, or of the headers; collects lines. */
static void take_line(struct multipart *multipart, char c)
{
    struct buf *line = &multipart->line;

    buf_add_char(line, c);
    if (line->len > HEAD_BYTES) {
        multipart->state = BROKEN;
    } else if (multipart->state == BEHIND && line->len == 2 && memcmp(line->at, "--", 2) == 0) {
        multipart->state = EPILOGUE;
    } else if (multipart->state == BEHIND && c == '\n') {
        multipart->state = HEAD;
        buf_clear(line);
    } else if (multipart->state == HEAD && c == '\n' &&
               (line->len == 1 || (line->len == 2 && line->at[0] == '\r') ||
                (line->len > 1 && strcmp(line->at + line->len - 2, "\n\n") == 0) ||
                (line->len > 3 && strcmp(line->at + line->len - 3, "\n\r\n") == 0))) {
        begin_part(multipart);
    }
}

/* Delivers bytes of the current part. */
static void give(const struct multipart *multipart, const char *bytes, size_t len)
{
    if (multipart->state == BODY && len > 0)
        multipart->hooks.bytes(multipart->hooks.context, bytes, len);
}

/* Handles bytes of a part, or of the preamble, up to a delimiter. Returns how many. */
static size_t take_body(struct multipart *multipart, const char *bytes, size_t len)
{
    size_t taken = 0;

    while (taken < len && multipart->matched < multipart->length) {
        if (bytes[taken] == multipart->delimiter[multipart->matched]) {
            multipart->matched++;
            taken++;
        } else if (multipart->matched > 0) {
            give(multipart, multipart->delimiter, multipart->matched); /* it was not a delimiter */
            multipart->matched = 0;
        } else {
            const char *end = memchr(bytes + taken, '\r', len - taken);
            const size_t run = end != NULL ? (size_t)(end - bytes) - taken : len - taken;

            give(multipart, bytes + taken, run);
            taken += run;
        }
    }
    if (multipart->matched == multipart->length) {
        multipart->state = BEHIND;
        multipart->matched = 0;
        buf_clear(&multipart->line);
    }
    return taken;
}

void multipart_feed(struct multipart *multipart, const char *bytes, size_t len)
{
    while (len > 0 && multipart->state != EPILOGUE && multipart->state != BROKEN) {
        size_t taken = 1;

        if (multipart->state == BEHIND || multipart->state == HEAD)
            take_line(multipart, *bytes);
        else
            taken = take_body(multipart, bytes, len);
        bytes += taken;
        len -= taken;
    }
}

bool multipart_end(struct multipart *multipart)
{
    return multipart->state == EPILOGUE;
}
