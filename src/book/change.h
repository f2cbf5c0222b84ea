/* change: the effect of one write on a book, as stored in the log of changes and applied to caches. */
#ifndef BOOK_CHANGE_H
#define BOOK_CHANGE_H

#include "base/text.h"
#include "book/version.h"

enum change_op { CHANGE_ADD, CHANGE_UPDATE, CHANGE_DELETE };

enum { CHANGES_OF_ONE_VERSION = 250 }; /* maximum: books written together make one version (book/batch.h) */

struct change {
    struct version version; /* the version it belongs to; no two changes of a version are of one book */
    enum change_op op;
    struct text id;
    struct text before, after; /* rows (book_row_write); before is empty for an insert, after for a delete */
};

#endif
