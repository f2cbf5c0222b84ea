/*
 * Shared by the parts of import: import.c (batches), import_columns.c (header line), import_json.c (objects),
 * import_seen.c (duplicate IDs).
 */
#ifndef FILES_IMPORT_PARTS_H
#define FILES_IMPORT_PARTS_H

#include "book/book.h"
#include "files/csv_read.h"
#include "files/import.h"

/* The field of each column of a file. */
struct import_columns {
    enum book_field field[CSV_FIELDS];
    size_t count;
};

/* All columns in their order. */
void import_columns_in_order(struct import_columns *columns);

/* Returns the beginning of text in arena, without control characters, so that even a terminal can show it. */
const char *import_shown(struct arena *arena, struct text text);

/*
 * Returns whether the first line of a TSV is a header line, even with wrong names. Otherwise it is a book with all
 * columns in order, recognised by what no header line has: a \N, or a date in the last column.
 */
bool import_are_columns(const struct csv_line *line);

/*
 * Parses the header line. Returns its error, in arena, or NULL. is_whole: requires all columns, else only the required
 * fields.
 */
const char *import_columns_read(struct import_columns *columns, const struct csv_line *line, bool is_whole,
                                struct arena *arena);

/*
 * The books that a dry run would have written so far: 48 to 96 bytes each, and half as much again while it grows. All
 * zeros: empty.
 */
struct import_seen {
    struct seen_place *places;
    size_t size, count; /* size: a power of two, or 0 */
};

/*
 * Adds the book on this line. Returns its result after the earlier ones. *before: the line of the last written book
 * with its ID; 0: none.
 */
enum batch_outcome import_seen_add(struct import_seen *seen, const struct book *book, uint64_t line, bool replaces,
                                   uint64_t *before);

/* Returns the line of the last written book with this one's ID, 0 if there is none. */
uint64_t import_seen_line(const struct import_seen *seen, const struct book *book);
void import_seen_free(struct import_seen *seen);

/*
 * Parses a book from an object of strings and numbers. Returns its error, in arena, or NULL. The texts live in arena.
 * is_whole: requires all fields, possibly as null.
 */
const char *import_json_read(struct text object, bool is_whole, struct book *book, struct arena *arena);

#endif
