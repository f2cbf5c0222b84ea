/*
 * overlay: the current state of the books that have changed since an index was built. It hides their rows in the index.
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

enum { OVERLAY_RECENT = 1024 }; /* maximum of changed books that are not merged yet */

#define OVERLAY_NO_ROW UINT32_MAX
#define OVERLAY_NO_CODE UINT32_MAX            /* the index does not have this value */
#define OVERLAY_UNKNOWN_CODE (UINT32_MAX - 1) /* not looked up yet */

struct overlay_book {
    struct text id;
    uint64_t number;            /* version that changed it last */
    uint32_t place;             /* row of the ID in the index, or of its successor */
    uint32_t row;               /* its row in the index; OVERLAY_NO_ROW: none */
    uint32_t code[BOOK_FIELDS]; /* codes of its values in the index, looked up on first use (index_facets.c) */
    bool is_deleted;
    struct book book;                /* unless it is deleted; texts are NUL-terminated */
    struct text folded[BOOK_FIELDS]; /* its fields, folded */
    int64_t before;                  /* live changed books before this one minus their rows; see overlay_rank() */
};

/* All zeros is an empty overlay, ready for use. */
struct overlay {
    struct overlay_book **books; /* sorted by ID */
    size_t count, capacity;
    struct overlay_book *recent[OVERLAY_RECENT]; /* sorted by ID; none after overlay_settle() */
    size_t recent_count;
    int64_t more;             /* number of books minus that of the index */
    size_t ranked;            /* entries from the first one whose before is set */
    struct version *versions; /* the applied versions, in order */
    size_t version_count, version_room;
    struct arena arena;
    size_t replaced; /* changes whose books are still in the arena although newer ones replaced them */
};

void overlay_free(struct overlay *overlay);

/*
 * Applies the next change. ERR_INTERNAL: its row is invalid. Call overlay_settle() after the last of several changes
 * and before any lookup: inserting each among a hundred thousand would take longer than reading it.
 */
enum err_code overlay_apply(struct overlay *overlay, const struct index_file *file, const struct change *change,
                            struct err *err);
void overlay_settle(struct overlay *overlay);

/*
 * Sets before of all entries. Then entry i is preceded by books[i]->place + books[i]->before books of the whole list in
 * the order of the IDs. Only looks at the entries from the first one that changed since the last call.
 */
void overlay_rank(struct overlay *overlay);

/*
 * Initialises *overlay for the index in file with the changes after its version from from, the overlay of an older
 * index, so that they need not be read again. Returns false and an empty overlay if from never was at the version of
 * the file.
 */
bool overlay_carry(struct overlay *overlay, const struct overlay *from, const struct index_file *file);

#endif
