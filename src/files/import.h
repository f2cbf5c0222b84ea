/*
 * import: reads books from a file (CSV, TSV or NDJSON) in pieces of any size, checks them line by line and writes them
 * in batches. It needs a few megabytes for files of any length.
 *
 * CSV RFC 4180, with a header line TSV as LOAD DATA reads it and bookshare-generate writes it; without a header line:
 * all columns in their order NDJSON one object per line
 *
 * Columns may be in any order, by name or label. Missing columns are empty, except if books are replaced, since that
 * would clear them: such a file needs all columns.
 */
#ifndef FILES_IMPORT_H
#define FILES_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/batch.h"

/* The default size of a batch. Larger ones hold Redis for longer and are hardly faster. */
enum { IMPORT_BATCH = 100 };

enum import_format { IMPORT_CSV, IMPORT_TSV, IMPORT_NDJSON };

/* What to do with a book if another one has its ID. An identical book is always unchanged. */
enum import_duplicates {
    IMPORT_SKIP,    /* skip it */
    IMPORT_REPLACE, /* replace the other one */
    IMPORT_REFUSE   /* skip it and count it as a bad line */
};

struct import_options {
    enum import_format format;
    char delimiter; /* of CSV; 0: detect it from the first line */
    enum import_duplicates duplicates;
    bool is_raw;  /* of CSV: apostrophes before formulas are part of the value, not guards */
    size_t batch; /* size of a batch, 1 to BATCH_BOOKS */

    /* Writes a batch (catalogue_write_many) or only checks it (catalogue_try_many); NULL: none. */
    enum err_code (*write)(void *context, struct batch *batch, struct arena *arena, struct err *err);
    bool is_trial; /* dry run: write changes nothing, so the import remembers the books */
    /*
     * Reports an error in a line: "title: This field is required." A line may have several. Also reports each book
     * skipped because another one has its ID and, in a dry run, each one that replaces a book of the same file. text is
     * only valid during the call.
     */
    void (*fault)(void *context, uint64_t line, const char *text);
    void *context;
};

struct import_counts {
    uint64_t added, replaced, unchanged;
    uint64_t skipped; /* another book has the ID and was kept */
    uint64_t bad;     /* bad lines */
};

struct import;

/* Returns a new import. Free it with import_free(). */
struct import *import_new(const struct import_options *options);
void import_free(struct import *import);

/*
 * Reads the next bytes of the file. ERR_INVALID: the header line has the wrong columns; other errors come from write.
 * After an error the import has ended and returns the same error again.
 */
enum err_code import_feed(struct import *import, const char *bytes, size_t len, struct err *err);

/* Ends the file and writes the last batch. */
enum err_code import_end(struct import *import, struct err *err);

/* The results so far. Without a write hook, added counts the valid books. */
struct import_counts import_counts(const struct import *import);

/* Returns the format of a file by the extension of its name. Returns false if it is unknown. */
bool import_format_of(const char *name, enum import_format *format);

#endif
