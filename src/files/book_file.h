/* book_file: writes books as a file in one of several formats, for downloads and for the command line alike. */
#ifndef FILES_BOOK_FILE_H
#define FILES_BOOK_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "book/book.h"

enum book_format {
    BOOK_CSV,    /* RFC 4180, with a header line */
    BOOK_NDJSON, /* one object per line, as book_json_write() writes it */
    BOOK_TSV,    /* as for LOAD DATA and bookshare-generate: \N is NULL, no header line */
    BOOK_FORMATS /* number of formats */
};

struct book_format_info {
    const char *name; /* also the file name extension */
    const char *type; /* media type */
};

extern const struct book_format_info book_formats[BOOK_FORMATS];

struct book_file {
    enum book_format format;
    bool is_raw;   /* CSV without guards against formulas (csv_write.h) */
    bool has_mark; /* CSV with a byte order mark, so that Excel detects UTF-8 */
};

/* Appends what precedes the first book. */
void book_file_begin(const struct book_file *file, struct buf *out);

/* Appends a book. */
void book_file_add(const struct book_file *file, const struct book *book, struct buf *out);

#endif
