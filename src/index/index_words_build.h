/* index_words_build: makes the parts of a column that index_words.h describes. */
#ifndef INDEX_INDEX_WORDS_BUILD_H
#define INDEX_INDEX_WORDS_BUILD_H

#include "base/err.h"
#include "base/spill.h"
#include "index/index_column.h"
#include "index/texts.h"

struct words_build {
    struct texts words;
    struct spill firsts, values, suffixes, suffix_words;
};

/* Makes the parts of a finished column. Close them even after a failure. ERR_UNAVAILABLE: the disk is full. */
enum err_code words_build_make(struct words_build *build, const struct column_build *column, struct err *err);
void words_build_close(struct words_build *build);

#endif
