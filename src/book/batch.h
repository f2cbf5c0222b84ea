/* batch: books that are written together, in one transaction and one version. */
#ifndef BOOK_BATCH_H
#define BOOK_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "book/book.h"
#include "book/change.h"

enum { BATCH_BOOKS = CHANGES_OF_ONE_VERSION }; /* maximum number of books */

/* The result for each book, as if they were written one after the other. */
enum batch_outcome {
    BATCH_ADDED,
    BATCH_REPLACED,  /* replaced the book with its ID */
    BATCH_UNCHANGED, /* the same book exists already */
    BATCH_TAKEN      /* another book has its ID and was kept */
};

struct batch {
    const struct book *books; /* must have passed book_check(); IDs may repeat */
    size_t count;
    bool replaces;                           /* replace a different book with the same ID; else keep it */
    enum batch_outcome outcome[BATCH_BOOKS]; /* one per book, filled in */
};

#endif
