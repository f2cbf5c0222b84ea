/*
 * write: the one door of all writes. Page files are withdrawn before books are changed, and allowed again afterwards.
 */
#ifndef WEB_WRITE_H
#define WEB_WRITE_H

#include "catalogue/catalogue.h"
#include "pagefile/pagefile.h"

/* Where books are changed. */
struct write_door {
    struct catalogue *catalogue;
    struct pagefiles *pagefiles; /* NULL: none */
};

/* Adds, updates or deletes one book: catalogue_write, which says what it returns. */
enum err_code write_one(struct write_door door, enum change_op op, const struct book *book, struct text seen,
                        struct arena *arena, bool *is_unknown, struct err *err);

/* Writes a batch: catalogue_write_many. After the last one catalogue_settle is to be called. */
enum err_code write_many(struct write_door door, struct batch *batch, struct arena *arena, bool *is_unknown,
                         struct err *err);

#endif
