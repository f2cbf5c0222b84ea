/*
 * match: whether a book satisfies a query (book/query.h), for books that are looked at one by one: those that have
 * changed since the search index was built, and all of them where there is no index.
 */
#ifndef BOOK_MATCH_H
#define BOOK_MATCH_H

#include <stdbool.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/query.h"

/* A query whose clauses are folded. */
struct match {
    const struct query *query;
    const struct query_clauses *clauses;
    struct text folded[LIMIT_SEARCH_WORDS]; /* the text of each clause; empty: the clause has no effect */
};

/* Initialises *match, which refers to query and lives as long as arena. */
void match_init(struct match *match, const struct query *query, struct arena *arena);

/* Return whether a clause looks at the text of a field, and at the ID. */
bool match_looks_at(const struct query_clause *clause, int field);
bool match_looks_at_id(const struct query_clause *clause);

/* Return whether a folded text contains, and begins with, another. */
bool match_contains(struct text folded, struct text what);
bool match_begins(struct text folded, struct text what);

/* Folds the fields of a book. The texts live in arena. */
void match_fold(const struct book *book, struct arena *arena, struct text folded[BOOK_FIELDS]);

/* Returns whether a book satisfies everything except the choices. folded: its folded fields. */
bool match_book(const struct match *match, const struct book *book, const struct text folded[BOOK_FIELDS]);

/* Returns the fields, as bits (1 << field), whose choice the book does not satisfy. */
unsigned match_refused(const struct query *query, const struct book *book);

/* Compares folded texts by an order, except one by ID. */
int match_compare_values(struct query_order order, struct text a, struct text b);

/* Compares two books by an order, given the folded forms of its field, and their IDs. */
int match_compare_one(struct query_order order, struct text a_folded, struct text a_id, struct text b_folded,
                      struct text b_id);

/* Compares two books by all orders of a query, given their folded fields and their IDs. */
int match_compare(const struct query *query, const struct text a_folded[BOOK_FIELDS], struct text a_id,
                  const struct text b_folded[BOOK_FIELDS], struct text b_id);

#endif
