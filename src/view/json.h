/* json: JSON for API clients about errors and progress, written with yajl. */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "book/book_json.h"

/*
 * Appends an error to out as application/problem+json (RFC 9457). The faults (none: NULL, 0) become its member
 * "errors", each with a pointer to the wrong member.
 */
void json_problem(int status, const char *title, const char *detail, const struct book_fault *faults, size_t count,
                  struct buf *out);

/* Appends the progress of an import: {"read": bytes, "size": bytes of the upload, "books": read so far}. */
void json_progress(uint64_t read, uint64_t size, uint64_t books, struct buf *out);

#endif
