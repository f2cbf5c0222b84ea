/*
 * overlay: the books that were changed after an index was made, as they are now. What the index has of them is not
 * looked at.
 */
#ifndef INDEX_OVERLAY_H
#define INDEX_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "book/change.h"
#include "index/index_file.h"

enum { OVERLAY_RECENT = 1024 }; /* changed books that are not sorted in among the others yet, at most */

#define OVERLAY_NO_ROW UINT32_MAX
#define OVERLAY_NO_CODE UINT32_MAX            /* the index does not have this value */
#define OVERLAY_UNKNOWN_CODE (UINT32_MAX - 1) /* nobody has looked yet */

struct overlay_book {
    struct text id;
    uint64_t number;            /* of the version that changed it last */
    uint32_t place;             /* row of the index that has the ID, or would stand behind it */
    uint32_t row;               /* of the index; OVERLAY_NO_ROW: it has none */
    uint32_t code[BOOK_FIELDS]; /* of its values in the index, found when they are first wanted (index_facets.c) */
    bool is_deleted;
    struct book book;                /* unless it is deleted; each text is followed by a NUL */
    struct text folded[BOOK_FIELDS]; /* of text and date fields */
};

/* One that is all zeros is empty and ready. */
struct overlay {
    struct overlay_book **books; /* in the order of their IDs */
    size_t count, capacity;
    struct overlay_book *recent[OVERLAY_RECENT]; /* likewise; none once overlay_settle() was called */
    size_t recent_count;
    int64_t more;             /* books that there are more than in the index */
    struct version *versions; /* that were taken in, in their order */
    size_t version_count, version_room;
    struct arena arena;
    size_t replaced; /* changes whose books are still in the arena, though others have come after them */
};

void overlay_free(struct overlay *overlay);

/*
 * Takes in the next change. ERR_INTERNAL: it holds no row that can be read. overlay_settle() is called after the last
 * one of several, before anybody looks: to sort each one in among a hundred thousand would take longer than to read it.
 */
enum err_code overlay_apply(struct overlay *overlay, const struct index_file *file, const struct change *change,
                            struct err *err);
void overlay_settle(struct overlay *overlay);

/*
 * Makes *overlay, for the index in file, of what was changed after its version in from, the overlay of an older index:
 * that need not be read once more. Returns false, and an empty one, if from did not come by the version of the file.
 */
bool overlay_carry(struct overlay *overlay, const struct overlay *from, const struct index_file *file);

#endif
