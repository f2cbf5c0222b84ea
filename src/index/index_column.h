/* index_column: builds one column of the search index; index_build.c combines them. */
#ifndef INDEX_INDEX_COLUMN_H
#define INDEX_INDEX_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"

/* index_file.h describes the parts, which are valid once the column is finished. */
struct column_build {
    struct spill raw, raw_starts, folded, folded_starts, codes, order, firsts;
    const char *folder;
    uint32_t values;
    bool is_key;              /* values are distinct and arrive sorted: only raw is used */
    struct column_slot *seen; /* hash table of the values so far */
    uint32_t seen_size;       /* a power of two; 0: no table yet */
};

/* Starts a column with files in folder, which must outlive it. Close it even after a failure. */
enum err_code column_open(struct column_build *column, const char *folder, bool is_key, struct err *err);
void column_close(struct column_build *column);

/* Adds the value of the next row. */
enum err_code column_add(struct column_build *column, struct text value, struct err *err);

/* Folds and sorts the values, after the last row. */
enum err_code column_finish(struct column_build *column, struct err *err);

#endif
