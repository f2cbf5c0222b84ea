/* Shared by index.c (the index and its changes), index_match.c (matching), index_walk.c (order), index_page.c,
 * index_facets.c. */
#ifndef INDEX_INDEX_PARTS_H
#define INDEX_INDEX_PARTS_H

#include "base/bits.h"
#include "index/index.h"
#include "index/index_file.h"
#include "index/overlay.h"

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

/* Rows that have changed since the index was built are in none of the sets. */
struct found {
    const struct index *index;
    struct query query;
    struct arena *arena;
    uint64_t *base;                /* rows that satisfy everything except the choices */
    uint64_t *choice[BOOK_FIELDS]; /* rows that satisfy the choice of a field; NULL: there is none */
    uint64_t *rows;                /* rows that satisfy all; base if there are no choices */
    struct found_book *changed;    /* sorted by ID */
    size_t changed_count;
    uint64_t total;
};

/* Sets base, choice, rows and changed, unless the query's deadline passes meanwhile. */
void index_match(struct found *found);

#endif
