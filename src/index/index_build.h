/*
 * index_build: builds the search index (index_file.h) from all rows of the table. Data that grows with the table is in
 * unnamed files in the folder of the index: a killed process leaves only the unfinished output file, which the next
 * build overwrites.
 */
#ifndef INDEX_INDEX_BUILD_H
#define INDEX_INDEX_BUILD_H

#include "base/err.h"
#include "book/book.h"
#include "book/version.h"

struct index_build;

/* Starts a build with files in folder. Returns NULL and sets err (ERR_UNAVAILABLE) if it cannot create files there. */
struct index_build *index_build_new(const char *folder, struct err *err);
void index_build_free(struct index_build *build);

/*
 * Adds the next row, in byte order of the IDs. ERR_UNAVAILABLE: the disk is full. ERR_INTERNAL: IDs are out of order,
 * or the table is too large for an index (INDEX_MOST).
 */
enum err_code index_build_add(struct index_build *build, const struct book *book, struct err *err);

/* Writes the index of version to path, replacing the old file. Consumes the added rows. */
enum err_code index_build_finish(struct index_build *build, struct version version, const char *path, struct err *err);

#endif
