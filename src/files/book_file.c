#include "files/book_file.h"

#include <string.h>

#include "book/book_json.h"
#include "files/csv_write.h"

const struct book_format_info book_formats[BOOK_FORMATS] = {
    [BOOK_CSV] = {"csv", "text/csv; charset=utf-8; header=present"},
    [BOOK_NDJSON] = {"ndjson", "application/x-ndjson"},
    [BOOK_TSV] = {"tsv", "text/tab-separated-values; charset=utf-8; header=absent"},
};

/* Appends a row of text with \N for its empty fields. */
static void add_tsv(const struct book *book, struct buf *out)
{
    struct buf row = {0};
    const char *at, *tab;

    book_row_write(&row, book);
    for (at = buf_string(&row); at != NULL; at = tab != NULL ? tab + 1 : NULL) {
        const size_t len = (tab = strchr(at, '\t')) != NULL ? (size_t)(tab - at) : strlen(at);

        buf_add(out, len > 0 ? at : "\\N", len > 0 ? len : 2);
        buf_add_char(out, tab != NULL ? '\t' : '\n');
    }
    buf_free(&row);
}

void book_file_begin(const struct book_file *file, struct buf *out)
{
    if (file->format != BOOK_CSV)
        return;
    if (file->has_mark)
        buf_add_string(out, "\xef\xbb\xbf");
    csv_header(out);
}

void book_file_add(const struct book_file *file, const struct book *book, struct buf *out)
{
    switch (file->format) {
    case BOOK_CSV:
        csv_row(out, book, file->is_raw);
        break;
    case BOOK_NDJSON:
        book_json_write(book, out);
        buf_add_char(out, '\n');
        break;
    case BOOK_TSV:
    case BOOK_FORMATS:
        add_tsv(book, out);
        break;
    }
}
