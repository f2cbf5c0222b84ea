/*
 * edit: one change of many books at once: what it does to each of them, and what the table of edits says about it. It
 * is written in several transactions, and it is one entry of the history.
 */
#ifndef BOOK_EDIT_H
#define BOOK_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/change.h"

enum edit_kind {
    EDIT_SET,     /* gives a field a value */
    EDIT_CLEAR,   /* empties a field */
    EDIT_REPLACE, /* replaces a text wherever it occurs in a field */
    EDIT_DELETE,
    EDIT_UNDO /* takes another edit back */
};

struct edit {
    enum edit_kind kind;
    enum book_field field;    /* for SET, CLEAR and REPLACE */
    struct text old_text;     /* for REPLACE: compared bytewise */
    struct text new_text;     /* for REPLACE and SET */
    uint64_t undoes;          /* for UNDO: the number of the other edit, */
    enum change_op undone_op; /* and what it did to each book */
};

/* Returns the name of a kind: "set", "clear", ... */
const char *edit_kind_name(enum edit_kind kind);

/* Parses such a name. Returns false if it is none. */
bool edit_kind_read(struct text name, enum edit_kind *kind);

/* Returns what an edit does to each book. */
enum change_op edit_op(const struct edit *edit);

/*
 * Checks an edit, and trims the value that it sets. Returns a sentence about an error, which may live in arena, or
 * NULL. What it makes of a single book may still be wrong: see edit_apply().
 */
const char *edit_check(struct edit *edit, struct arena *arena);

/*
 * Makes *after of *before, for SET, CLEAR and REPLACE. Its texts are those of before and of edit, or live in arena.
 * Whether it is a valid book is for book_check() to say.
 */
void edit_apply(const struct edit *edit, const struct book *before, struct book *after, struct arena *arena);

/* Returns what an edit does, in words, in arena: "Publisher set to “Penguin”". The texts are made displayable. */
const char *edit_words(const struct edit *edit, struct arena *arena);

/* ---- An edit as one entry of the history */

/* The process that runs an edit says so with each transaction. STOPPED: it ended early. */
enum edit_state { EDIT_RUNNING, EDIT_DONE, EDIT_STOPPED };

const char *edit_state_name(enum edit_state state);

/* Its texts live in an arena. */
struct edit_record {
    uint64_t number; /* from 1 */
    uint64_t token;  /* of the confirmation: the same one never makes two edits */
    struct edit edit;
    bool has_search;
    struct text search; /* if has_search: which books, as in a URL (book/query_parameters.h) */
    struct text actor;
    struct text at;                  /* "2026-11-26 19:57:00.123", UTC */
    uint64_t planned, done, skipped; /* books: to be changed; changed; changed by somebody else meanwhile */
    enum edit_state state;
    struct text place;    /* where it goes on: after this ID, or this place in the log */
    uint64_t first, last; /* the versions that it has made; 0: none */
    uint64_t undone_by;   /* the last edit that took it back; 0: none */
};

/* ---- A part of an edit that is written in one transaction */

/* A book to change. */
struct edit_target {
    struct text id;
    uint64_t seen;             /* book_hash() of the book to be changed; 0: there must be none */
    const struct book *wanted; /* for UNDO: the book to write; NULL: delete it */
};

struct edit_slice {
    uint64_t number, runner; /* of the edit, and of the process that runs it */
    const struct edit *edit;
    const struct edit_target *targets; /* at most BATCH_BOOKS, sorted by ID, each ID once */
    size_t count;
    struct text place;         /* struct edit_record.place after this slice */
    uint64_t changed, skipped; /* filled in */
};

#endif
