/* write: what is to be written to the table of books, and what became of it. */
#ifndef BOOK_WRITE_H
#define BOOK_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "book/batch.h"
#include "book/book.h"
#include "book/change.h"
#include "book/version.h"

/* One book, or a batch of them. */
struct write {
    enum change_op op;
    const struct book *book; /* has passed book_check(); of CHANGE_DELETE its ID counts alone */
    struct text seen;        /* tag (book_tag) of the book that may be changed; empty: whatever is there */
    struct batch *batch;     /* in place of all the others; NULL: none */
};

struct written {
    struct version from, to; /* of the table: equal if nothing was changed */
    struct change *changes;  /* what was changed, in the caller's arena, in the order of the IDs; to is their version */
    size_t count;
    bool is_unknown; /* with ERR_UNAVAILABLE: the connection was lost during COMMIT, and nobody knows the outcome */
    int64_t
        settled_from; /* clock_us() from which on every reader sees the write; 0: they do. Set by catalogue_write() */
};

#endif
