/*
 * book_json: a book as a JSON object, read and written: a member for each field, a string, or null for a field without
 * a value. Requests are taken by the letter. Files, which people write, loosely: there a number stands for its digits,
 * and a member may have the label of its field, too, in capitals or not.
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

/* What is wrong with a member, as a sentence for users. */
struct book_fault {
    struct text name; /* of the member; valid UTF-8 */
    const char *text;
};

enum book_json_manner { BOOK_JSON_STRICT, BOOK_JSON_LOOSE };

enum { BOOK_JSON_FAULTS = 16 }; /* that are told at once; more are not looked for */

struct book_json {
    struct book book;           /* the members that are there, not checked yet; the others are empty */
    bool is_given[BOOK_FIELDS]; /* whether they are there, if only as null */
    struct book_fault faults[BOOK_JSON_FAULTS];
    size_t fault_count;
};

/*
 * Reads a JSON text (RFC 8259) into arena. ERR_INVALID, with a text for users: it is none, or no object. On ERR_OK
 * faults has what cannot be taken: members that are no fields, that stand there twice, or have another kind of value.
 */
enum err_code book_json_read(struct text text, enum book_json_manner manner, struct arena *arena,
                             struct book_json *json, struct err *err);

/* Notes a fault, unless one of the same name is noted or there are enough. */
void book_json_add_fault(struct book_json *json, struct text name, const char *text);

/* Adds a book as an object with a member for each field, null for a field without a value. */
void book_json_write(const struct book *book, struct buf *out);

/* The same as one value of a larger text. */
void book_json_put(yajl_gen json, const struct book *book);

#endif
