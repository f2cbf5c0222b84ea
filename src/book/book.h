/*
 * book: one record of the table `music`, its fields and their valid values, and the text form of a record.
 *
 * book_fields is the only description of the columns: validation, SQL, the cache's rows and the forms are derived from
 * it.
 */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

enum book_field {
    BOOK_ID,
    BOOK_TITLE,
    BOOK_CATEGORY,
    BOOK_AUTHORS,
    BOOK_PUBLISHER,
    BOOK_EDITION,
    BOOK_AVAILABLE_FROM,
    BOOK_FIELDS /* number of fields */
};

enum book_type {
    BOOK_KEY,  /* text that identifies the record, compared bytewise */
    BOOK_TEXT, /* text, searched regardless of case and accents */
    BOOK_DATE  /* YYYY-MM-DD */
};

struct book_field_info {
    const char *name;       /* of the column, form field and template variable */
    const char *short_name; /* in a search, as in author:homer */
    const char *label;      /* for display */
    enum book_type type;
    size_t longest; /* in characters */
    bool required;
    bool has_choices; /* has few distinct values, so that users can choose one */
};

extern const struct book_field_info book_fields[BOOK_FIELDS];

/* Returns the field with this name or label, or BOOK_FIELDS; "ID" is BOOK_ID. Ignores case, since people write these
 * names in files. */
enum book_field book_field_of(struct text name);

/*
 * A field without a value is empty here and NULL in the table. The function that fills the record defines who owns the
 * texts.
 */
struct book {
    struct text field[BOOK_FIELDS];
};

/* Books in the byte order of their IDs, or in the order of a search. Lives in an arena; each text is NUL-terminated. */
struct book_list {
    struct book *books;
    size_t count;
};

/* The error in each field, as a sentence for users, or NULL. */
struct book_faults {
    const char *text[BOOK_FIELDS];
    int count;
};

/* Returns whether several books may well have the same value in a field, and those that have it are worth finding. */
bool book_field_repeats(enum book_field field);

/* Returns whether all fields are equal. */
bool book_equal(const struct book *a, const struct book *b);

/* Returns the hash of a book's row of text (base/hash.h), which changes with any of its fields; never 0. */
uint64_t book_hash(const struct book *book);

enum { BOOK_TAG_SIZE = 17 };

/*
 * Writes the tag of book: 16 hexadecimal digits of book_hash() and a NUL. Used as the ETag of the API and for the book
 * that a form has seen.
 */
void book_tag(const struct book *book, char tag[BOOK_TAG_SIZE]);

/*
 * Trims the fields of book (each stays a part of the same bytes) and checks each against book_fields. Returns whether
 * all are valid; faults has the errors. The sentences live in arena.
 */
bool book_check(struct book *book, struct book_faults *faults, struct arena *arena);

/*
 * Returns whether id is a valid ID: 1 to 30 characters in UTF-8, no control characters, no blanks at the ends, and no
 * segment between slashes that is "." or "..", which no URL can carry.
 */
bool book_id_valid(struct text id);

/* Returns whether text is a day of the Gregorian calendar as YYYY-MM-DD, from year 1 on, which every DATE can hold. */
bool book_date_valid(struct text text);

/*
 * Makes a book that was written without the application displayable and editable: an invalid date such as 0000-00-00 or
 * 1999-00-00 becomes no date; text_line() replaces control characters and invalid UTF-8. The ID stays, since it
 * identifies the row. New texts live in arena.
 */
void book_repair(struct book *book, struct arena *arena);

/* Does the same to a row of text. Returns row itself if it is fine or not a row. */
struct text book_row_repair(struct text row, struct arena *arena);

/*
 * Appends book as a row of text: the fields in order, separated by tabs, with backslash, tab, line feed, carriage
 * return and NUL as \\ \t \n \r \0. This is the format of MySQL's LOAD DATA, except that NULL is empty here.
 */
void book_row_write(struct buf *row, const struct book *book);

/*
 * Parses what book_row_write wrote. The texts live in arena, NUL-terminated. Returns false, with book undefined, if row
 * is malformed: invalid UTF-8, wrong number of fields, unknown escape, no ID.
 */
bool book_row_read(struct text row, struct book *book, struct arena *arena);

#endif
