/* Shared by index.c (the index and its changes), index_match.c (matching), index_rank.c (ranks), index_walk*.c and
 * index_groups.c (order), index_result.c, index_page.c, index_facets.c, index_suggest.c. */
#ifndef INDEX_INDEX_PARTS_H
#define INDEX_INDEX_PARTS_H

#include "book/match.h"
#include "index/index.h"
#include "index/index_file.h"
#include "index/overlay.h"
#include "index/row_set.h"

struct index {
    char *path;
    bool is_open;
    struct stat refused; /* the damaged file seen last; all zeros: none */
    struct index_file file;
    struct overlay overlay;
    struct version version; /* version of the file with the overlay */
};

/* A changed book that satisfies everything except perhaps some choices. */
struct found_book {
    struct overlay_book *book;
    unsigned refused; /* bits (1 << field) of the choices it does not satisfy */
};

/* Rows that have changed since the index was built are neither in base nor in rows. */
struct found {
    const struct index *index;
    struct query query;
    struct match match;
    struct arena *arena;
    struct row_set base;                /* rows that satisfy everything except the choices */
    struct row_set choice[BOOK_FIELDS]; /* rows that satisfy the choice of a field, if the query has one */
    struct row_set rows;                /* rows that satisfy all; base if there are no choices */
    uint32_t row_count;                 /* of rows */
    bool is_whole;                      /* the query finds all books */
    struct found_book *changed;         /* sorted by ID */
    size_t changed_count;
    uint64_t total;
};

/* Sets all that was found, unless the query's deadline passes meanwhile. */
void index_match(struct found *found);

/* Adds the rows of the values with codes from `from` to before `to`, and that of an ID, if there is one. */
void index_add_rows(struct row_set *rows, const struct index_column *column, uint32_t from, uint32_t to);
void index_add_id(struct row_set *rows, const struct index_file *file, struct text id);

/* Add the rows whose folded value of a field contains a text, and has it at the start of a word (rank_begins_word()).
 */
void index_add_field(struct row_set *rows, const struct found *found, int field, struct text folded);
void index_add_starts(struct row_set *rows, const struct found *found, int field, struct text folded);

#endif
