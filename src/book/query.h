/*
 * query: what somebody wants to see of the books: which of them, in which order, and which part of these. It says
 * what a search means; how it is carried out is the business of find.c (from the index) and store_find.c (by MySQL).
 */
#ifndef BOOK_QUERY_H
#define BOOK_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/deadline.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"

/* One that is all zeros but for limit asks for the whole table in the order of its IDs. The texts are the caller's. */
struct query {
    struct text search;              /* as it was typed, without blanks at its ends; empty: none */
    struct text choice[BOOK_FIELDS]; /* the exact value of a field that has choices; empty: any */
    struct text from, until;         /* first and last day of "available from", YYYY-MM-DD; empty: open */
    enum book_field sort;            /* ties are in the order of the IDs */
    bool is_descending;              /* the same order, the other way round */
    uint64_t offset;                 /* books left out at the beginning */
    struct text after; /* in the place of offset, in the order of the IDs: the books up to this ID are left out */
    size_t limit;      /* books wanted, at most */
    bool wants_facets; /* count the values of the fields that have choices */
    struct deadline *deadline; /* when to give up; NULL: never */
};

/* Whether a query asks for the whole table, whatever the order. */
bool query_is_whole(const struct query *query);

/* Whether it asks for what the list in Redis holds: the whole table in the order of its IDs. */
bool query_is_list(const struct query *query);

/*
 * One condition of a search. A book satisfies it if `text` occurs in a text field of it, or is its ID; if `field` is
 * not QUERY_ANY, in that field (which for the ID means: is its ID). Case, accents and the kinds of dashes, quotes and
 * blanks do not matter (base/fold.h), but in an ID, of which every byte counts. is_excluded: books that do are left
 * out.
 */
struct query_clause {
    struct text text;
    int field;
    bool is_excluded;
};

enum { QUERY_ANY = -1 };

/* A search, taken apart: a book is found if it satisfies all clauses, or if the whole search is its ID. */
struct query_clauses {
    struct text whole;
    struct query_clause all[LIMIT_SEARCH_WORDS];
    size_t count;
};

/*
 * Takes a search apart at its blanks: word, "several words in a row", field:word, field:"several words", and any of
 * these with a '-' before it. A quotation mark within others is doubled. A field goes by its name or its short name
 * (book_fields); what looks like a field but is none, or has nothing behind it, is a word. The texts are parts of
 * search, or live in arena. Returns false if there are more than LIMIT_SEARCH_WORDS clauses.
 */
bool query_split(struct text search, struct arena *arena, struct query_clauses *clauses);

/* Adds the clause that query_split() reads as value in field, whatever value holds: id:"my ""book"" 1". */
void query_add_phrase(struct buf *out, enum book_field field, struct text value);

/* One value of a field that has choices, and how many books of the result have it. */
struct facet_value {
    struct text value;
    uint64_t count;
};

/*
 * The values of one field over the whole result, the most frequent first, LIMIT_FACET_VALUES at most. They are counted
 * as if nothing had been chosen in this field, so that they tell what another choice would find.
 */
struct facet {
    enum book_field field;
    struct facet_value *values;
    size_t count;
    bool is_cut; /* there are more values */
};

/* count is 0 where they were not asked for, or could not be counted. */
struct facets {
    struct facet all[BOOK_FIELDS];
    size_t count;
};

/* The first page of the whole list. */
extern const struct query query_whole;

#endif
