/* What catalogue.c (requests), catalogue_find.c (queries) and catalogue_admin.c (the command line) share. */
#ifndef CATALOGUE_CATALOGUE_PARTS_H
#define CATALOGUE_CATALOGUE_PARTS_H

#include "cache/cache.h"
#include "catalogue/catalogue.h"
#include "catalogue/high_water.h"
#include "catalogue/index_view.h"
#include "catalogue/list_view.h"
#include "catalogue/matview.h"
#include "index/index.h"
#include "pagefile/pagefile.h"
#include "store/store.h"

struct catalogue {
    const struct config *config;
    struct store *store;
    struct cache *cache;
    int64_t check_us; /* the check interval */

    /* MySQL was at version known at some moment after known_at (clock_us()), asked on connection known_on to Redis. */
    struct version known;
    int64_t known_at;
    uint64_t known_on;
    bool has_known;

    struct high_water *high_water; /* the newest version that any process of this host has seen */
    bool was_away;                 /* MySQL did not answer the last time it was asked */

    int64_t seen_from; /* clock_us() from which on every reader has noticed our last write; 0: they have */

    struct matview list_view, index_view; /* what is to be rebuilt */

    struct pagefiles *pages; /* NULL: none */
    bool has_pages;          /* it was found out whether there are any */

    struct index *index; /* NULL: no index is wanted */
    int64_t follow_from; /* clock_us() before which the index is not brought forward unasked */
};

/* Returns what was read from MySQL as a page. */
struct catalogue_page catalogue_page_of(const struct store_page *stored);

/*
 * Brings the index to the version that MySQL is at, and tells whether queries can be answered from it. BASIS_UNSURE:
 * MySQL cannot be asked, and what the index has is not older than what anybody on this host has seen.
 */
enum basis { BASIS_NONE, BASIS_UNSURE, BASIS_SURE };
enum basis catalogue_prepare_index(struct catalogue *catalogue);

/* Finds out whether there are page files that a write has to withdraw: see pagefile_join(). */
enum err_code catalogue_join_pages(struct catalogue *catalogue, struct err *err);

/* Withdraws the page files before a change, and allows them again. */
enum err_code catalogue_withdraw_pages(struct catalogue *catalogue, struct err *err);
void catalogue_allow_pages(struct catalogue *catalogue);

/* Brings the list from version at to the version wanted, or past it. Returns false if that cannot be done. */
bool catalogue_bring_list_to(struct catalogue *catalogue, struct version at, struct version wanted);

/* Brings the index forward though nobody searches, now and then. */
void catalogue_follow_index(struct catalogue *catalogue);

#endif
