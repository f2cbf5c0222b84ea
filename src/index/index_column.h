/* index_column: one column of the search index under way; index_build.c puts them together. */
#ifndef INDEX_INDEX_COLUMN_H
#define INDEX_INDEX_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"

/* The parts are what index_file.h says, once the column is finished. */
struct column_build {
    struct spill raw, raw_starts, folded, folded_starts, codes, order, firsts;
    const char *folder;
    uint32_t values;
    bool is_key;              /* each row has another value, and they come in their order: nothing but raw */
    struct column_slot *seen; /* the values so far, by their hashes */
    uint32_t seen_size;       /* a power of two; 0: none yet */
};

/* Begins a column with files in folder, which must outlive it. To be closed after a failure, too. */
enum err_code column_open(struct column_build *column, const char *folder, bool is_key, struct err *err);
void column_close(struct column_build *column);

/* Adds the value of the next row. */
enum err_code column_add(struct column_build *column, struct text value, struct err *err);

/* Folds and sorts the values once all rows are there. */
enum err_code column_finish(struct column_build *column, struct err *err);

#endif
