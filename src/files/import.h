/*
 * import: books out of a file (CSV, TSV or NDJSON), fed in pieces of any size, checked line by line, and handed on in
 * batches. It takes some megabytes, however long the file is.
 *
 *   CSV     RFC 4180; the first line names the columns
 *   TSV     as LOAD DATA reads it and bookshare-generate writes it; without a line of names all columns in their order
 *   NDJSON  one object a line
 *
 * Columns come in any order, by name or by label. Those that the file lacks are empty, but where books are replaced,
 * for then they would be emptied: such a file has to have them all.
 */
#ifndef FILES_IMPORT_H
#define FILES_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/batch.h"

/* Books handed on together, if there is no reason for another number: more hold Redis for longer, and are hardly
 * faster. */
enum { IMPORT_BATCH = 100 };

enum import_format { IMPORT_CSV, IMPORT_TSV, IMPORT_NDJSON };

/* What is done with a book where there is another with its ID. One that is the same is no matter. */
enum import_duplicates {
    IMPORT_SKIP,    /* it is left out */
    IMPORT_REPLACE, /* it takes the other one's place */
    IMPORT_REFUSE   /* it counts as a bad line, and is left out */
};

struct import_options {
    enum import_format format;
    char delimiter; /* of CSV; 0: found out from the first line */
    enum import_duplicates duplicates;
    bool is_raw;  /* of CSV: apostrophes before what looks like a formula are the values' own, no guards */
    size_t batch; /* books handed on together, from 1 to BATCH_BOOKS */

    /* Is handed the batches, to write them (catalogue_write_many) or just look (catalogue_try_many); NULL: nobody is.
     */
    enum err_code (*write)(void *context, struct batch *batch, struct arena *arena, struct err *err);
    bool is_trial; /* write just looks: what it would have added is remembered */
    /* Is told what is wrong with a line: "title: Please fill this in." A line may have several faults. It is told of
     * each book, too, that is left out since another one has its ID; in a trial also of one that replaces a book of the
     * same file. text is valid during the call. */
    void (*fault)(void *context, uint64_t line, const char *text);
    void *context;
};

struct import_counts {
    uint64_t added, replaced, unchanged;
    uint64_t skipped; /* there was another book with the ID, which stays */
    uint64_t bad;     /* lines that are no book */
};

struct import;

/* Returns an import that nothing was fed to yet. Free it with import_free(). */
struct import *import_new(const struct import_options *options);
void import_free(struct import *import);

/*
 * Takes the next bytes of the file. ERR_INVALID: the first line names columns that do not serve; anything else is what
 * write returned. After a failure the import is over, and says the same again.
 */
enum err_code import_feed(struct import *import, const char *bytes, size_t len, struct err *err);

/* Says that there are no more bytes, and hands the last batch on. */
enum err_code import_end(struct import *import, struct err *err);

/* What has become of the lines so far. Without a write hook, added are those that are fine. */
struct import_counts import_counts(const struct import *import);

/* Finds out the format of a file from the ending of its name. Returns false if it tells none. */
bool import_format_of(const char *name, enum import_format *format);

#endif
