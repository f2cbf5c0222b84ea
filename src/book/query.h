/*
 * query: which books to find, in which order, and which part of the result. It defines what a search means; index/
 * executes it from the search index, store_find.c in MySQL.
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

/*
 * One condition of a search. A book satisfies it if `text` occurs in one of its text fields or begins its ID; if
 * `field` is not QUERY_ANY, only that field counts. Texts are compared as query_fold() has them.
 * is_exact: the ID must equal `text`, bytewise. is_excluded: books that satisfy it are excluded.
 */
struct query_clause {
    struct text text;
    int field;
    bool is_exact, is_excluded;
};

enum { QUERY_ANY = -1 };

/* A parsed search: a book matches if it satisfies all clauses, or if the whole search is its ID. */
struct query_clauses {
    struct text whole;
    struct query_clause all[LIMIT_SEARCH_WORDS];
    size_t count;
};

/* The values that are chosen for a field: a book must have one of them, exactly. None: any book will do. */
struct query_choice {
    const struct text *values; /* at most LIMIT_CHOICES, no two alike, none empty */
    size_t count;
};

/* An order of books by a field. Books without a value are last in both directions. */
struct query_order {
    enum book_field field;
    bool is_descending;
};

/* All zeros except limit means the whole table, ordered by ID. The caller owns the texts. */
struct query {
    struct text search; /* as typed, without blanks at the ends; empty: none. Set by query_set_search() */
    const struct query_clauses *clauses;     /* the search, parsed; NULL: none */
    struct query_choice choice[BOOK_FIELDS]; /* for the fields that have choices */
    struct text from, until;                 /* first and last day of "available from", YYYY-MM-DD; empty: open */
    /* The order, then those of books that are equal in the ones before. No two have the same field, and only the last
     * may be by BOOK_ID. Ties are ordered by ID, in the direction of the last. */
    struct query_order order[BOOK_FIELDS];
    size_t further;            /* how many orders there are after the first */
    bool is_best_first;        /* order by rank (book/rank.h), then by ID, ascending: order[0] */
    uint64_t offset;           /* books to skip */
    struct text after;         /* instead of offset, when ordered by ID: skip the books up to this ID */
    size_t limit;              /* maximum number of books */
    bool wants_facets;         /* count the values of the fields with choices */
    bool wants_suggestions;    /* if hardly anything is found, suggest other searches */
    unsigned hidden;           /* columns that the list leaves out, a bit for each field; found all the same */
    struct deadline *deadline; /* when to cancel; NULL: never */
};

/* Returns whether a value is one of those that are chosen. */
bool query_choice_has(const struct query_choice *choice, struct text value);

/* Returns whether the list leaves out the column of a field. */
static inline bool query_hides(const struct query *query, int field)
{
    return (query->hidden >> field & 1) != 0;
}

/* Returns whether a query asks for the whole table, in any order. */
bool query_is_whole(const struct query *query);

/* Returns whether a query asks for what the list in Redis holds: the whole table, ordered by ID. */
bool query_is_list(const struct query *query);

/*
 * Sets the search of a query and parses it, once for all that execute it. It is split at its blanks into clauses: word,
 * "several words in a row", field:word, field:"several words", each optionally preceded by '-'. Within quotes a
 * quotation mark is doubled. A field has its name or its short name (book_fields), and blanks may follow the
 * colon; an unknown field, or one with nothing or an exclusion after it, is a word. id:"several words" is exact. The
 * clauses live in arena, their texts there or in search. Returns false if there are more than LIMIT_SEARCH_WORDS
 * clauses.
 */
bool query_set_search(struct query *query, struct text search, struct arena *arena);

/* Sets the only order of a query; the result of a search is not ordered by rank then. */
void query_order_by(struct query *query, enum book_field field, bool is_descending);

/* Returns whether a query is ordered by ID alone, ascending. */
bool query_is_by_id(const struct query *query);

/* Returns the clauses of a query, none if it has no search. Never NULL. */
const struct query_clauses *query_clauses(const struct query *query);

/*
 * The form in which a search compares texts of a field: what is stored in it, and what is searched in it (QUERY_ANY: in
 * any field of text). It is that of base/fold.h; in a date hyphens remain, so that 1905 is no part of 2019-05.
 */
void query_fold_add(struct buf *out, int field, struct text text);
struct text query_fold(struct arena *arena, int field, struct text text);

/* Appends the clause that query_set_search() parses as value in field, quoted as needed: id:"my ""book"" 1". */
void query_add_phrase(struct buf *out, enum book_field field, struct text value);

/* The same, but not quoted if it need not be: an ID then is found by its start. value must not be empty. */
void query_add_term(struct buf *out, enum book_field field, struct text value);

/* One value of a field with choices, and how many books of the result have it. */
struct facet_value {
    struct text value;
    uint64_t count;
};

/*
 * The values of one field over the whole result, most frequent first, at most LIMIT_FACET_VALUES. The counts ignore the
 * choice in this field, so that they tell what another choice would find.
 */
struct facet {
    enum book_field field;
    struct facet_value *values;
    size_t count;
    bool is_cut; /* there are more values */
};

/* count is 0 if they were not requested or could not be counted. */
struct facets {
    struct facet all[BOOK_FIELDS];
    size_t count;
};

/* Other searches, with words that are spelled nearly like those of the query, that find more: the nearest first. */
struct suggestion {
    struct text search;
    uint64_t total; /* books that it finds, with the choices and days of the query */
};

struct suggestions {
    struct suggestion all[LIMIT_SUGGESTIONS];
    size_t count;
};

/* Returns the number of pages that total books take, limit on each; at least 1. */
static inline uint64_t query_pages(const struct query *query, uint64_t total)
{
    return total > 0 ? (total + query->limit - 1) / query->limit : 1;
}

/* The first page of the whole list. */
extern const struct query query_whole;

#endif
