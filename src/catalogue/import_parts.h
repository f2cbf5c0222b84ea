/* What the parts of import share: import.c (batches), import_columns.c (names of columns), import_json.c (objects),
   import_seen.c (IDs that come twice). */
#ifndef CATALOGUE_IMPORT_PARTS_H
#define CATALOGUE_IMPORT_PARTS_H

#include "base/csv.h"
#include "catalogue/book.h"
#include "catalogue/import.h"

/* Which field each column of a file is. */
struct import_columns {
    enum book_field field[CSV_FIELDS];
    size_t count;
};

/* All columns in their order. */
void import_columns_in_order(struct import_columns *columns);

/* Returns text in arena as it can be shown, in a terminal too: without control characters. */
const char *import_shown(struct arena *arena, struct text text);

/* Whether a line names columns, though one of the names may be wrong. */
bool import_are_columns(const struct csv_line *line);

/*
 * Reads the line of names. Returns what is wrong with it, in arena, or NULL. is_whole: all columns are needed, else
 * those that a book cannot be without.
 */
const char *import_columns_read(struct import_columns *columns, const struct csv_line *line, bool is_whole,
                                struct arena *arena);

/* The books of a file that would have been added by now: 32 to 64 bytes each, and half as much again while it grows.
 * All zeros: none yet. */
struct import_seen {
    struct seen_place *places;
    size_t size, count; /* size: a power of two, or 0 */
};

/* Adds a book that is not in the table. Returns what would become of it after those before it. */
enum batch_outcome import_seen_add(struct import_seen *seen, const struct book *book, bool replaces);
void import_seen_free(struct import_seen *seen);

/*
 * Reads a book from an object of strings and numbers. Returns what is wrong with it, in arena, or NULL. The texts lie
 * in arena. is_whole: all fields have to be there, be it as null.
 */
const char *import_json_read(struct text object, bool is_whole, struct book *book, struct arena *arena);

#endif
