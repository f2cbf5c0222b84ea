/* csv: books as comma-separated values (RFC 4180), for spreadsheets and other programs. */
#ifndef FILES_CSV_WRITE_H
#define FILES_CSV_WRITE_H

#include <stdbool.h>

#include "base/buf.h"
#include "book/book.h"

/* Adds the line that names the fields. */
void csv_header(struct buf *out);

/*
 * Adds a book as a line, with the line break that RFC 4180 has. Unless is_raw, a value that a spreadsheet would take
 * for a formula gets an apostrophe before it: one that begins with = + - @ or a control character, or with apostrophes
 * and one of these, so that taking one apostrophe away again gives back what was there.
 */
void csv_row(struct buf *out, const struct book *book, bool is_raw);

#endif
