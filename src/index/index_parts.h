/* What index.c (the index and its changes), index_match.c (which books), index_walk.c (in which order) and
   index_facets.c share. */
#ifndef INDEX_INDEX_PARTS_H
#define INDEX_INDEX_PARTS_H

#include "base/bits.h"
#include "index/index.h"
#include "index/index_file.h"
#include "index/overlay.h"

struct index {
    char *path;
    bool is_open;
    struct stat refused; /* the file that was damaged when it was looked at last; all zeros: none */
    struct index_file file;
    struct overlay overlay;
    struct version version; /* of the file with the overlay */
};

/* A changed book that satisfies all but perhaps some choices. */
struct found_book {
    struct overlay_book *book;
    unsigned refused; /* the fields (1 << field) whose choice it does not satisfy */
};

/* Rows of the index that were changed since are in none of the sets. */
struct found {
    const struct index *index;
    struct query query;
    struct arena *arena;
    uint64_t *base;                /* rows that satisfy all but the choices */
    uint64_t *choice[BOOK_FIELDS]; /* rows that satisfy the choice of a field; NULL: there is none */
    uint64_t *rows;                /* rows that satisfy all */
    struct found_book *changed;    /* in the order of their IDs */
    size_t changed_count;
    uint64_t total;
};

/* Fills base, choice, rows and changed; unless the query's deadline passes meanwhile. */
void index_match(struct found *found, const struct query_clauses *clauses);

#endif
