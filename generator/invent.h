/* Invents books like those of a library: half of them English, the rest in many languages and scripts. */

#ifndef GENERATOR_INVENT_H
#define GENERATOR_INVENT_H

#include <stddef.h>
#include <stdint.h>

#include "generator/random.h"

/* The fields, in the order of the table's columns. */
enum book_field { BOOK_ID, TITLE, CATEGORY, AUTHORS, PUBLISHER, EDITION, AVAILABLE_FROM, BOOK_FIELDS };

enum { TEXT_BYTES = 1024 }; /* 255 characters in UTF-8 */

struct text {
    size_t length;
    char bytes[TEXT_BYTES]; /* UTF-8 without control characters, not NUL-terminated */
};

/* An empty field means unknown: NULL in the table. book_id and title are never empty. */
struct book {
    struct text fields[BOOK_FIELDS];
};

/*
 * Fills the book. Its ID, `initials of the title, number, "-", row`, is unique per row and at most 30 characters long
 * for rows below 10^12. The book depends only on the state of random and on the row.
 */
void invent_book(struct book *book, struct random *random, uint64_t row);

#endif
