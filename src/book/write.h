/* write: a write to the table of books, and its result. */
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
    const struct book *book; /* must have passed book_check(); CHANGE_DELETE only uses its ID */
    struct text seen;        /* expected tag (book_tag) of the stored book; empty: any */
    struct batch *batch;     /* used instead of all the others above; NULL: none */
    struct text actor;       /* who writes, for the log of changes: a person, or a program such as "web" */
};

struct written {
    struct version from, to; /* of the table: equal if nothing was changed */
    struct change *changes;  /* in the caller's arena, sorted by ID; their version is to */
    size_t count;
    bool is_unknown;      /* with ERR_UNAVAILABLE: connection lost during COMMIT, outcome unknown */
    int64_t settled_from; /* clock_us() when every reader sees the write; 0: now. Set by catalogue_write() */
};

#endif
