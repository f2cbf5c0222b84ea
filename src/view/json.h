/* json: what programs are answered with when something is wrong, or under way, written with yajl. */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "book/book_json.h"

/*
 * Adds the description of an error to out, as application/problem+json has it (RFC 9457); the faults (none: NULL, 0)
 * become its member "errors", each with a pointer to the member that it is about.
 */
void json_problem(int status, const char *title, const char *detail, const struct book_fault *faults, size_t count,
                  struct buf *out);

/* Adds how far an import is: {"read": bytes, "size": bytes of the upload, "books": read so far}. */
void json_progress(uint64_t read, uint64_t size, uint64_t books, struct buf *out);

#endif
