#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

char *buf_reserve(struct buf *buf, size_t len)
{
    size_t need = buf->len + len + 1;

    if (need > buf->capacity) {
        size_t capacity = buf->capacity > 0 ? buf->capacity : 256;

        while (capacity < need)
            capacity *= 2;
        buf->at = mem_grow(buf->at, capacity);
        buf->capacity = capacity;
        buf->at[buf->len] = '\0';
    }
    return buf->at + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *end = buf_reserve(buf, len);

    if (len > 0)
        memcpy(end, bytes, len);
    buf->len += len;
    buf->at[buf->len] = '\0';
}

void buf_add_string(struct buf *buf, const char *s)
{
    buf_add(buf, s, strlen(s));
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_add_arguments(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    if (len > 0) {
        vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_add_arguments(buf, format, args);
    va_end(args);
}

const char *buf_string(const struct buf *buf)
{
    return buf->at != NULL ? buf->at : "";
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->at != NULL)
        buf->at[0] = '\0';
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){0};
}
