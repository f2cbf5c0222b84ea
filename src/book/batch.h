/* batch: books that are written together, in one transaction that makes one version. */
#ifndef BOOK_BATCH_H
#define BOOK_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "book/book.h"
#include "book/change.h"

enum { BATCH_BOOKS = CHANGES_OF_ONE_VERSION }; /* at most */

/* What became of a book, as if they were written one after the other. */
enum batch_outcome {
    BATCH_ADDED,
    BATCH_REPLACED,  /* put in the place of another with its ID */
    BATCH_UNCHANGED, /* it was there, the same in all fields */
    BATCH_TAKEN      /* there is another with its ID, which was left as it is */
};

struct batch {
    const struct book *books; /* which have passed book_check(); an ID may come twice */
    size_t count;
    bool replaces;                           /* another book with the same ID gives way; else it stays */
    const char *actor;                       /* who writes, for the log of changes */
    enum batch_outcome outcome[BATCH_BOOKS]; /* filled in */
};

#endif
