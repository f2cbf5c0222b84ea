/* csv: writes books as comma-separated values (RFC 4180), for spreadsheets and other programs. */
#ifndef FILES_CSV_WRITE_H
#define FILES_CSV_WRITE_H

#include <stdbool.h>

#include "base/buf.h"
#include "book/book.h"

/* Appends the header line with the names of the fields. */
void csv_header(struct buf *out);

/*
 * Appends a book as a line that ends with CR LF. Unless is_raw, a value that a spreadsheet would treat as a formula is
 * prefixed with an apostrophe: one that starts with = + - @ or a control character, possibly after apostrophes. So
 * removing one apostrophe always restores the value.
 */
void csv_row(struct buf *out, const struct book *book, bool is_raw);

#endif
