/*
 * multipart: the parts of a body of type multipart/form-data (RFC 7578), fed in pieces of any size, in constant memory.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* What is told of the parts, in their order. */
struct multipart_hooks {
    /* A part begins: the field's name, and that of its file, as they were sent; file.at is NULL if it is no file. */
    void (*part)(void *context, struct text name, struct text file);
    /* The next bytes of that part. */
    void (*bytes)(void *context, const char *bytes, size_t len);
    void *context;
};

struct multipart;

/* Finds the boundary in a Content-Type. Returns false if the type is another one, or names none. */
bool multipart_boundary(const char *type, struct text *boundary);

/* Returns a reader; boundary is copied. Free it with multipart_free(). */
struct multipart *multipart_new(struct text boundary, const struct multipart_hooks *hooks);
void multipart_free(struct multipart *multipart);

/* Takes the next bytes. What cannot be understood is passed over; multipart_end tells. */
void multipart_feed(struct multipart *multipart, const char *bytes, size_t len);

/* Says that there are no more bytes. Returns whether all was understood, to the end of the last part. */
bool multipart_end(struct multipart *multipart);

#endif
