/*
 * multipart: a streaming parser for multipart/form-data (RFC 7578). Takes input in pieces of any size and needs
 * constant memory.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The callbacks, called in the order of the parts. */
struct multipart_hooks {
    /* Start of a part: the names of its field and of its file, as sent; file.at is NULL if it is not a file. */
    void (*part)(void *context, struct text name, struct text file);
    /* The next bytes of the part. */
    void (*bytes)(void *context, const char *bytes, size_t len);
    void *context;
};

struct multipart;

/* Parses the boundary in a Content-Type. Returns false if the type is another one or has no boundary. */
bool multipart_boundary(const char *type, struct text *boundary);

/* Returns a parser; copies boundary. Free it with multipart_free(). */
struct multipart *multipart_new(struct text boundary, const struct multipart_hooks *hooks);
void multipart_free(struct multipart *multipart);

/* Parses the next bytes. Skips malformed input, which multipart_end reports. */
void multipart_feed(struct multipart *multipart, const char *bytes, size_t len);

/* Ends the input. Returns whether everything up to the end of the last part was well-formed. */
bool multipart_end(struct multipart *multipart);

#endif
