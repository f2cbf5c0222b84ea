/* change: what one write did to the table, as the log of changes has it and as caches apply it. */
#ifndef BOOK_CHANGE_H
#define BOOK_CHANGE_H

#include "base/text.h"
#include "book/version.h"

enum change_op { CHANGE_ADD, CHANGE_UPDATE, CHANGE_DELETE };

enum { CHANGES_OF_ONE_VERSION = 250 }; /* at most: books written together make one version (book/batch.h) */

struct change {
    struct version version; /* that it made, alone or with others, no two of one book */
    enum change_op op;
    struct text id;
    struct text before, after; /* rows (book_row_write); before is empty for an addition, after for a deletion */
};

#endif
