/*
 * csv: lines of fields out of a stream of bytes that is fed in pieces of any size, in constant memory. A line ends with
 * LF, CR LF or CR; a byte order mark before the first one is passed over; empty lines are left out.
 */
#ifndef FILES_CSV_READ_H
#define FILES_CSV_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum csv_dialect {
    CSV_QUOTED, /* RFC 4180: a field in quotes may hold delimiters, line ends, and quotes, each of them written twice */
    CSV_ESCAPED, /* MySQL's LOAD DATA: tabs between, \t \n \r \0 \\ for what they stand for, \N for nothing */
    CSV_LINES    /* the whole line is one field */
};

enum { CSV_FIELDS = 64, CSV_LINE_BYTES = 64 * 1024 }; /* of a line, at most */

struct csv_line {
    uint64_t number; /* of the line that it begins on, from 1 on */
    const struct text *fields;
    size_t count;
    bool has_null;     /* CSV_ESCAPED: one of the fields is \N, which is empty */
    const char *fault; /* a sentence about what is wrong with the line, which has no fields then; NULL: nothing */
};

/* Is given each line in turn; what it points to goes with the call. */
typedef void csv_take(void *context, const struct csv_line *line);

struct csv;

/*
 * Returns a reader. delimiter (of CSV_QUOTED): what stands between fields; 0: a comma, a semicolon or a tab, whichever
 * there is most of in the first line. Free it with csv_free().
 */
struct csv *csv_new(enum csv_dialect dialect, char delimiter, csv_take *take, void *context);
void csv_free(struct csv *csv);

/* Takes the next bytes, and gives the lines that end in them to take. */
void csv_feed(struct csv *csv, const char *bytes, size_t len);

/* Says that there are no more bytes: gives the last line to take if it does not end with a line end. */
void csv_end(struct csv *csv);

/*
 * Whether a spreadsheet would take value for a formula, once the apostrophes before it are gone. One more apostrophe
 * before such a value guards it; csv_unguarded() takes that one off again.
 */
bool csv_is_formula(struct text value);
struct text csv_unguarded(struct text value);

#endif
