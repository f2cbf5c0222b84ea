/* gzip: compression of a page or an answer in one piece (RFC 1952). */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the compressed bytes of in to out. Returns false, with out as it was, if there is no memory for it. */
bool gzip_add(struct buf *out, const struct buf *in);

#endif
