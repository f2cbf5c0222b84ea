/*
 * book: one record of the table `music`, the table of its fields, what each field may hold, and the text form of a
 * record.
 *
 * book_fields is the one description of the columns: validation, SQL, the cache's rows and the forms follow it.
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
    BOOK_FIELDS /* how many there are */
};

enum book_type {
    BOOK_KEY,  /* text that names the record, compared byte by byte */
    BOOK_TEXT, /* text that is searched without regard to case and accents */
    BOOK_DATE  /* YYYY-MM-DD */
};

struct book_field_info {
    const char *name;       /* of the column, the form field and the template's variable */
    const char *short_name; /* in a search, as in author:homer */
    const char *label;      /* for people */
    enum book_type type;
    size_t longest; /* in characters */
    bool required;
    bool has_choices; /* few values stand in many books, so that one of them can be chosen */
};

extern const struct book_field_info book_fields[BOOK_FIELDS];

/* Returns the field with this name or label, whatever its capitals, or BOOK_FIELDS: as people write them in files. */
enum book_field book_field_of(struct text name);

/* A field without a value is empty: the table holds NULL for it. Whoever fills the record says who owns the text. */
struct book {
    struct text field[BOOK_FIELDS];
};

/*
 * Books in the order of their IDs' bytes, or in the order of a search. Lives in an arena, and each text in it is
 * followed by a NUL.
 */
struct book_list {
    struct book *books;
    size_t count;
};

/* What is wrong with each field, as a sentence for users, or NULL. */
struct book_faults {
    const char *text[BOOK_FIELDS];
    int count;
};

/* Whether all fields are the same. */
bool book_equal(const struct book *a, const struct book *b);

enum { BOOK_TAG_SIZE = 17 };

/*
 * Writes the tag of book, by which a later look tells whether it is still the same in all its fields: 16 hexadecimal
 * digits and a NUL, the 64-bit FNV-1a hash of its row of text. The ETag of the API, and what a form has seen.
 */
void book_tag(const struct book *book, char tag[BOOK_TAG_SIZE]);

/*
 * Trims the fields of book in place (they stay within the bytes they were) and checks each against book_fields.
 * Returns whether all are fine; faults tells which are not. The sentences live in arena.
 */
bool book_check(struct book *book, struct book_faults *faults, struct arena *arena);

/*
 * Returns whether id can be the ID of a book: 1 to 30 characters of UTF-8 without control characters or blanks at its
 * ends, of which no part between slashes is "." or "..", which no URL can carry.
 */
bool book_id_valid(struct text id);

/* Whether text is a day of the Gregorian calendar as YYYY-MM-DD, from year 1 on, which is what DATE holds for sure. */
bool book_date_valid(struct text text);

/*
 * Makes of a book that was written past the application one that can be shown and edited: a date that is none, such as
 * 0000-00-00 or 1999-00-00, counts as no date; control characters and bytes that are no UTF-8 are replaced as
 * text_line() does it. The ID stays, since it names the row. Texts are as they were or lie in arena.
 */
void book_repair(struct book *book, struct arena *arena);

/* Does the same to a row of text, which is returned as it is where that is fine or no row. */
struct text book_row_repair(struct text row, struct arena *arena);

/*
 * Adds book as a row of text: the fields in their order with a tab between, and backslash, tab, line feed, carriage
 * return and NUL as \\ \t \n \r \0. This is what MySQL's LOAD DATA reads and writes, but for NULL, which is empty here.
 */
void book_row_write(struct buf *row, const struct book *book);

/*
 * Reads what book_row_write wrote. The texts lie in arena, each followed by a NUL. Returns false, and leaves book in an
 * undefined state, if row is not such a row: no UTF-8, another number of fields, an unknown escape, no ID.
 */
bool book_row_read(struct text row, struct book *book, struct arena *arena);

#endif
