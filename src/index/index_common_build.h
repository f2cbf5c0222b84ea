/* index_common_build: makes the parts of a column that index_common.h describes. */
#ifndef INDEX_INDEX_COMMON_BUILD_H
#define INDEX_INDEX_COMMON_BUILD_H

#include "base/err.h"
#include "base/spill.h"
#include "index/index_column.h"

struct common_build {
    struct spill numbers, rows;
};

/* Makes the parts of a finished column. Close them even after a failure. ERR_UNAVAILABLE: the disk is full. */
enum err_code common_build_make(struct common_build *build, const struct column_build *column, struct err *err);
void common_build_close(struct common_build *build);

#endif
