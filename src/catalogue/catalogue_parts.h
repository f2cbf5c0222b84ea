/* Shared by the files of catalogue: what a catalogue is made of, and what one part needs of another. */
#ifndef CATALOGUE_CATALOGUE_PARTS_H
#define CATALOGUE_CATALOGUE_PARTS_H

#include "book/gather.h"
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
    struct cache *cache; /* NULL: there is no Redis */
    int64_t check_us;    /* the check interval */

    /*
     * MySQL was at version known at some moment after known_at (clock_us()), compared on connection known_on to Redis.
     */
    struct version known;
    int64_t known_at;
    uint64_t known_on;
    bool has_known;

    struct high_water *high_water; /* the newest version seen by any process of this host */
    bool was_away;                 /* MySQL did not respond to the last query */

    int64_t seen_from; /* clock_us() when every reader sees our last write; 0: now */

    struct matview list_view, index_view; /* views to rebuild */

    struct pagefiles *pages; /* NULL: none */
    bool has_joined_pages;   /* pages has been determined */

    struct index *index; /* NULL: the index is disabled */
    int64_t follow_from; /* clock_us() of the next update of the index in the background */
};

/* Returns a result from MySQL as a page. */
struct catalogue_page catalogue_page_of(const struct store_page *stored);

/*
 * Updates the index to MySQL's version and returns whether it can answer queries. BASIS_UNSURE: MySQL is down, and the
 * index is not older than the high-water mark.
 */
enum basis { BASIS_NONE, BASIS_UNSURE, BASIS_SURE };
enum basis catalogue_prepare_index(struct catalogue *catalogue);

/*
 * Adds all books of the table to gather, at one version. Call store_search_again() or store_search_end() after ERR_OK.
 * ERR_BUSY, or ERR_PREPARING if the index is missing: it takes too long, or too many do it.
 */
enum err_code catalogue_gather(struct catalogue *catalogue, const struct query *query, struct gather *gather,
                               struct version *version, uint64_t *books, struct err *err);

/* Reads a part of the list from the index, after catalogue_prepare_index(). */
struct catalogue_page catalogue_list_index(struct catalogue *catalogue, uint64_t offset, size_t limit,
                                           struct arena *arena);

/* Determines whether there are page files that a write must withdraw: see pagefile_join(). */
enum err_code catalogue_join_pages(struct catalogue *catalogue, struct err *err);

/* Withdraws the page files before a change, or re-enables them. */
enum err_code catalogue_withdraw_pages(struct catalogue *catalogue, struct err *err);
void catalogue_allow_pages(struct catalogue *catalogue);

/* Returns ERR_INVALID for what needs the list in Redis although the settings disable it. */
enum err_code catalogue_no_list(struct err *err);

/* Updates the list from version at to the version wanted or later. Returns false if that is impossible. */
bool catalogue_bring_list_to(struct catalogue *catalogue, struct version at, struct version wanted);

/* Updates the index now and then even if nobody searches. */
void catalogue_follow_index(struct catalogue *catalogue);

#endif
