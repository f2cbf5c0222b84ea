/* index_column: builds one column of the search index; index_build.c combines them. */
#ifndef INDEX_INDEX_COLUMN_H
#define INDEX_INDEX_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"
#include "book/book.h"
#include "index/texts.h"

/* index_file.h describes the parts, which are valid once the column is finished. */
struct column_build {
    struct texts raw, folded; /* the values */
    struct spill codes, order, firsts, counts;
    const char *folder;
    enum book_field field; /* IDs are distinct and arrive sorted: only raw and order are made */
};

/* Starts a column with files in folder, which must outlive it. Close it even after a failure. */
enum err_code column_open(struct column_build *column, const char *folder, enum book_field field, struct err *err);
void column_close(struct column_build *column);

/* Adds the value of the next row. */
enum err_code column_add(struct column_build *column, struct text value, struct err *err);

/* Folds and sorts the values, after the last row. */
enum err_code column_finish(struct column_build *column, struct err *err);

/* Returns the folded form of value c, without INDEX_END. */
struct text column_folded(const struct column_build *column, uint32_t c);

#endif
