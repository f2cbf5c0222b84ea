/*
 * book_file: books as a file that others can read, in one of several formats. What is exported is written here, whether
 * a browser downloads it or the command line saves it.
 */
#ifndef FILES_BOOK_FILE_H
#define FILES_BOOK_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "book/book.h"

enum book_format {
    BOOK_CSV,    /* RFC 4180, with a line of names */
    BOOK_NDJSON, /* an object a line, as book_json_write() writes it */
    BOOK_TSV,    /* what LOAD DATA and bookshare-generate have: \N is NULL, and no line of names */
    BOOK_FORMATS /* how many there are */
};

struct book_format_info {
    const char *name; /* also the ending of a file's name */
    const char *type; /* media type */
};

extern const struct book_format_info book_formats[BOOK_FORMATS];

struct book_file {
    enum book_format format;
    bool is_raw;   /* CSV without guard against formulas (csv.h) */
    bool has_mark; /* CSV with a byte order mark, by which Excel knows UTF-8 */
};

/* Adds what stands before the first book. */
void book_file_begin(const struct book_file *file, struct buf *out);

/* Adds a book. */
void book_file_add(const struct book_file *file, const struct book *book, struct buf *out);

#endif
