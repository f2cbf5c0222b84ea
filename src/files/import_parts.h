/* What the parts of import share: import.c (batches), import_columns.c (names of columns), import_json.c (objects),
   import_seen.c (IDs that come twice). */
#ifndef FILES_IMPORT_PARTS_H
#define FILES_IMPORT_PARTS_H

#include "book/book.h"
#include "files/csv_read.h"
#include "files/import.h"

/* Which field each column of a file is. */
struct import_columns {
    enum book_field field[CSV_FIELDS];
    size_t count;
};

/* All columns in their order. */
void import_columns_in_order(struct import_columns *columns);

/* Returns the beginning of text, in arena, as it can be shown, in a terminal too: without control characters. */
const char *import_shown(struct arena *arena, struct text text);

/*
 * Whether the first line of a TSV names columns, though all of the names may be wrong; else it is a book, with all
 * columns in their order. That takes what no line of names has: a \N, or a date in the last one of them.
 */
bool import_are_columns(const struct csv_line *line);

/*
 * Reads the line of names. Returns what is wrong with it, in arena, or NULL. is_whole: all columns are needed, else
 * those that a book cannot be without.
 */
const char *import_columns_read(struct import_columns *columns, const struct csv_line *line, bool is_whole,
                                struct arena *arena);

/* The books of a file that would have been written by now: 48 to 96 bytes each, and half as much again while it grows.
 * All zeros: none yet. */
struct import_seen {
    struct seen_place *places;
    size_t size, count; /* size: a power of two, or 0 */
};

/*
 * Adds a book of this line that would be written. Returns what would become of it after those before it. *before: the
 * line of the last one with its ID that would have been written; 0: there is none.
 */
enum batch_outcome import_seen_add(struct import_seen *seen, const struct book *book, uint64_t line, bool replaces,
                                   uint64_t *before);

/* Returns the line of the last book with this one's ID that would have been written, 0 if there is none. */
uint64_t import_seen_line(const struct import_seen *seen, const struct book *book);
void import_seen_free(struct import_seen *seen);

/*
 * Reads a book from an object of strings and numbers. Returns what is wrong with it, in arena, or NULL. The texts lie
 * in arena. is_whole: all fields have to be there, be it as null.
 */
const char *import_json_read(struct text object, bool is_whole, struct book *book, struct arena *arena);

#endif
