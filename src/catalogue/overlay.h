/*
 * overlay: the books that were changed after an index was made, as they are now. What the index has of them is not
 * looked at.
 */
#ifndef CATALOGUE_OVERLAY_H
#define CATALOGUE_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "catalogue/book.h"
#include "catalogue/change.h"
#include "catalogue/index_file.h"

enum { OVERLAY_NO_ROW = UINT32_MAX };

struct overlay_book {
    struct text id;
    uint32_t row; /* of the index; OVERLAY_NO_ROW: it has none */
    bool is_deleted;
    struct book book;                /* unless it is deleted; each text is followed by a NUL */
    struct text folded[BOOK_FIELDS]; /* of text and date fields */
};

/* One that is all zeros is empty and ready. */
struct overlay {
    struct overlay_book **books; /* in the order of their IDs */
    size_t count, capacity;
    struct arena arena;
    size_t replaced; /* changes whose books are still in the arena, though others have come after them */
};

void overlay_free(struct overlay *overlay);

/* Takes in the next change. ERR_INTERNAL: it holds no row that can be read. */
enum err_code overlay_apply(struct overlay *overlay, const struct index_file *file, const struct change *change,
                            struct err *err);

#endif
