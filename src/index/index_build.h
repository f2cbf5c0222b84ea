/*
 * index_build: makes the file of the search index (index_file.h) from all rows of the table. What grows with the table
 * lies in files without a name in the folder of the index, so that a process that is killed leaves nothing behind but
 * the unfinished file, which the next one writes over.
 */
#ifndef INDEX_INDEX_BUILD_H
#define INDEX_INDEX_BUILD_H

#include "base/err.h"
#include "book/book.h"
#include "book/version.h"

struct index_build;

/* Begins, with files in folder. Returns NULL and sets err (ERR_UNAVAILABLE) if none can be made there. */
struct index_build *index_build_new(const char *folder, struct err *err);
void index_build_free(struct index_build *build);

/*
 * Adds the next row, in the order of the IDs' bytes. ERR_UNAVAILABLE: the disk is full. ERR_INTERNAL: IDs are out of
 * order, or the table is too large for an index (INDEX_MOST).
 */
enum err_code index_build_add(struct index_build *build, const struct book *book, struct err *err);

/* Writes the index of version to path, in the place of what is there. What was added is used up by it. */
enum err_code index_build_finish(struct index_build *build, struct version version, const char *path, struct err *err);

#endif
