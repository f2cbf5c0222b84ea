/* buf: a growing byte buffer, for output that is written piece by piece: a page, a JSON text, a row. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *at;   /* NULL until something is added; then NUL-terminated */
    size_t len; /* bytes, without the NUL */
    size_t capacity;
};

/* An all-zero buf is ready for use. */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_string(struct buf *buf, const char *s);
void buf_add_char(struct buf *buf, char c);
void buf_add_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_add_arguments(struct buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Makes room for len more bytes and returns where they go. The caller then raises buf->len, by at most len. */
char *buf_reserve(struct buf *buf, size_t len);

/* Returns the bytes as a string, "" if there are none. Valid until the next change. */
const char *buf_string(const struct buf *buf);

/* Empties buf but keeps its memory. */
void buf_clear(struct buf *buf);

/* Frees the memory; buf is ready for use again. */
void buf_free(struct buf *buf);

#endif
