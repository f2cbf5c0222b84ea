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
#include "book/edit.h"
#include "book/version.h"

/*
 * Tells a request to write from all others, so that it is written once, however often it comes. Both are hashes of 64
 * characters.
 */
struct write_key {
    struct text key;     /* of its sender and the key that it came with; empty: none */
    struct text request; /* of everything that it asks for */
};

/* One book, a batch of them, or a slice of an edit. */
struct write {
    enum change_op op;
    const struct book *book;  /* must have passed book_check(); CHANGE_DELETE only uses its ID */
    struct text seen;         /* expected tag (book_tag) of the stored book; empty: any */
    struct batch *batch;      /* used instead of all the others above; NULL: none */
    struct edit_slice *slice; /* the same */
    struct text actor;        /* who writes, for the log of changes: a person, or a program such as "web" */
    struct write_key key;     /* only for one book */
    const char *note;         /* the caller's word for what is done, kept with the key: "merged"; NULL: none */
};

/* What a write of one book did: this one or, if it has come again, the first one with its key. */
struct deed {
    struct text id;
    enum change_op op;
    struct text note;
    uint64_t version; /* number of the version that it made, or found everything as wanted in */
    bool is_change;   /* it made that version */
    bool is_repeated; /* it was done before; nothing was changed now */
};

struct written {
    struct version from, to; /* of the table: equal if nothing was changed */
    struct change *changes;  /* in the caller's arena, sorted by ID; their version is to */
    size_t count;
    struct deed deed;     /* unless it was a batch */
    bool is_unknown;      /* with ERR_UNAVAILABLE: connection lost during COMMIT, outcome unknown */
    int64_t settled_from; /* clock_us() when every reader sees the write; 0: now. Set by catalogue_write() */
};

#endif
