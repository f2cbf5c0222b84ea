/*
 * book_json: reads and writes a book as a JSON object. Each field is a member: a string, or null without a value.
 * Requests are parsed strictly. Files, which people write, are parsed loosely: a number is accepted as its digits, and
 * a member may also have the label of its field, in any case.
 */
#ifndef BOOK_BOOK_JSON_H
#define BOOK_BOOK_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"

/* The error in a member, as a sentence for users. */
struct book_fault {
    struct text name; /* of the member; valid UTF-8 */
    const char *text;
};

enum book_json_manner { BOOK_JSON_STRICT, BOOK_JSON_LOOSE };

enum { BOOK_JSON_FAULTS = 16 }; /* reported at once; further ones are ignored */

struct book_json {
    struct book book;           /* the members present, unchecked; the others are empty */
    bool is_given[BOOK_FIELDS]; /* whether each is present, even as null */
    struct book_fault faults[BOOK_JSON_FAULTS];
    size_t fault_count;
};

/*
 * Parses a JSON text (RFC 8259) into arena. ERR_INVALID, with a text for users: invalid JSON, or not an object. On
 * ERR_OK faults has the invalid members: unknown ones, duplicates and those with a value of the wrong type.
 */
enum err_code book_json_read(struct text text, enum book_json_manner manner, struct arena *arena,
                             struct book_json *json, struct err *err);

/* Returns whether an escape in a JSON text is a lone surrogate, which yajl would replace by '?', or read on. */
bool book_json_has_half_character(struct text text);

/* Adds a fault, unless its member has one already or the limit is reached. */
void book_json_add_fault(struct book_json *json, struct text name, const char *text);

/* Appends a book as an object with a member for each field, null without a value. */
void book_json_write(const struct book *book, struct buf *out);

/* The same as one value of a larger text. */
void book_json_put(yajl_gen json, const struct book *book);

#endif
