/*
 * history: which changes of the log to read, and what the log says about them. An edit of many books is one entry,
 * where its first change is.
 */
#ifndef BOOK_HISTORY_H
#define BOOK_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "book/book.h"
#include "book/change.h"
#include "book/edit.h"

/* A change's place in the log. All zeros: after the newest one. */
struct history_place {
    uint64_t version;
    uint64_t part; /* numbers the changes of a version from 0 */
};

enum { HISTORY_ANY = -1 };

/* The changes to read, newest first. */
struct history_query {
    struct text id;              /* only of this book, and nothing else below but before and limit; empty: of all */
    uint64_t edit;               /* the same for the single changes of this edit; 0: of all */
    struct text actor;           /* only those of this person or program; empty: any */
    int op;                      /* enum change_op, or HISTORY_ANY */
    struct text day;             /* YYYY-MM-DD, UTC; empty: any */
    struct history_place before; /* only changes before this one */
    size_t limit;
};

struct history_entry {
    struct history_place place;
    const struct edit_record *edit; /* a whole edit: it has no ID, no books, and is_there is false; NULL: one change */
    uint64_t edit_number;           /* the edit that one change is a part of; 0: none */
    enum change_op op;
    struct text id, actor;
    struct text at; /* "2026-11-26 19:57:00.123", UTC */
    struct book before, after;
    bool has_before, has_after; /* false: there was no book, or the log has no valid one */
    bool is_there;              /* the table has a book with this ID now */
};

/* Changes, newest first. The texts live in an arena. */
struct history {
    struct history_entry *entries;
    size_t count;
    bool has_more; /* there are older ones */
};

/* Returns the name of a kind of change: "add", "update" or "delete". */
const char *change_op_name(enum change_op op);

/* Parses such a name. Returns false if it is none. */
bool change_op_read(struct text name, enum change_op *op);

/* Returns the book as it was after a change, or, for a deletion, before it; NULL if the log has no valid one. */
const struct book *history_state(const struct history_entry *entry);

#endif
