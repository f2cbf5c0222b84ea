/*
 * csv: a streaming parser for lines of fields. Takes input in pieces of any size and needs constant memory. A line ends
 * with LF, CR LF or CR. A byte order mark at the start and empty lines are skipped.
 */
#ifndef FILES_CSV_READ_H
#define FILES_CSV_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum csv_dialect {
    CSV_QUOTED,  /* RFC 4180: a quoted field may contain delimiters, line ends and doubled quotes */
    CSV_ESCAPED, /* MySQL's LOAD DATA: separated by tabs, escapes \t \n \r \0 \\, \N for NULL */
    CSV_LINES    /* the whole line is one field */
};

enum { CSV_FIELDS = 64, CSV_LINE_BYTES = 64 * 1024 }; /* of a line, at most */

struct csv_line {
    uint64_t number; /* number of the line it starts on, from 1 */
    const struct text *fields;
    size_t count;
    bool has_null;     /* CSV_ESCAPED: one of the fields is \N; its text is empty */
    const char *fault; /* a sentence about the error in the line, which then has no fields; NULL: none */
};

/* Receives each line in turn; what it points to is only valid during the call. */
typedef void csv_take(void *context, const struct csv_line *line);

struct csv;

/*
 * Returns a reader. delimiter (of CSV_QUOTED) separates fields; 0: the most frequent of comma, semicolon and tab in the
 * first line. Free it with csv_free().
 */
struct csv *csv_new(enum csv_dialect dialect, char delimiter, csv_take *take, void *context);
void csv_free(struct csv *csv);

/* Parses the next bytes and passes the lines that end in them to take. */
void csv_feed(struct csv *csv, const char *bytes, size_t len);

/* Ends the input: passes the last line to take if it has no line end. */
void csv_end(struct csv *csv);

/*
 * Returns whether a spreadsheet would treat value, without leading apostrophes, as a formula. Such a value is guarded
 * by one more apostrophe; csv_unguarded() removes it.
 */
bool csv_is_formula(struct text value);
struct text csv_unguarded(struct text value);

#endif
