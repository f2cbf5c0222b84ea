/*
 * catalogue: the one door to the books. It alone knows that there is a cache beside the store, and decides by the
 * version protocol (HACKING.md) what may be shown: after an acknowledged write nobody is shown an older state.
 */
#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/batch.h"
#include "book/book.h"
#include "book/change.h"
#include "book/query.h"
#include "book/version.h"

struct catalogue;

enum catalogue_source { CATALOGUE_MYSQL, CATALOGUE_REDIS, CATALOGUE_INDEX };

/* Returns a catalogue whose connections open when they are needed. config must outlive it. */
struct catalogue *catalogue_new(const struct config *config);
void catalogue_free(struct catalogue *catalogue);

/* A part of the list or of what a query found. */
struct catalogue_page {
    struct book_list list;
    uint64_t total; /* books in the whole list or result */
    uint64_t books; /* books in the whole list, whatever was asked for */
    enum catalogue_source source;
    struct version version; /* of the table that it shows */
    bool is_sure;           /* false: MySQL could not be asked whether there is something newer */
    struct facets facets;   /* of the whole result; none where it comes from MySQL or Redis */
};

/*
 * Reads at most limit books in the order of their IDs, the first offset left out: from Redis where the list there is at
 * the version of the table, else from MySQL, and then the list is brought there (catalogue_catch_up). With limit 0 no
 * row is read: page tells the rest all the same, above all the version that the page would be shown at.
 */
enum err_code catalogue_list(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                             struct catalogue_page *page, struct err *err);

/*
 * Finds what query asks for, with an exact total: from the list where that holds it, else from the index, or, while
 * there is none, from MySQL. ERR_INVALID: the search has more than LIMIT_SEARCH_WORDS clauses.
 */
enum err_code catalogue_find(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                             struct catalogue_page *page, struct err *err);

/*
 * Hands out all that query finds, whatever part of it it asks for, in its order and at one version, in memory that does
 * not grow with it: calls begin once, with how many books there are, then visit for each, whose texts are good until it
 * returns. One of them that returns anything but ERR_OK (nor ERR_NOT_FOUND) ends the walk, which returns the same. Any
 * failure after begin means that not all was handed out. The catalogue must not be asked for anything meanwhile.
 */
typedef enum err_code catalogue_begin(void *context, uint64_t total, struct version version, struct err *err);
typedef enum err_code catalogue_visit(void *context, const struct book *book, struct err *err);
enum err_code catalogue_each(struct catalogue *catalogue, const struct query *query, catalogue_begin *begin,
                             catalogue_visit *visit, void *context, struct err *err);

/* Reads one book; ERR_NOT_FOUND if there is none with this ID. */
enum err_code catalogue_get(struct catalogue *catalogue, struct text id, struct arena *arena, struct book *book,
                            struct err *err);

/*
 * Adds, updates or deletes book (see store_write for what each returns). The book must have passed book_check(). seen:
 * the tag of the book that the user has seen, to change no other; empty: whatever is there.
 * It may return before every reader that begins from now on sees the write, which nobody may learn of until then: call
 * catalogue_settle() or heed catalogue_settled_from(). *is_unknown: set with ERR_UNAVAILABLE where nobody knows whether
 * the write was made.
 */
enum err_code catalogue_write(struct catalogue *catalogue, enum change_op op, const struct book *book, struct text seen,
                              struct arena *arena, bool *is_unknown, struct err *err);

/*
 * Writes a batch of books (see store_write_many), and says in it what became of each. Readers: as catalogue_write, once
 * after the last batch.
 */
enum err_code catalogue_write_many(struct catalogue *catalogue, struct batch *batch, struct arena *arena,
                                   bool *is_unknown, struct err *err);

/* Returns the clock_us() from which on every reader sees all that was written; 0: they do. */
int64_t catalogue_settled_from(const struct catalogue *catalogue);

/* Waits for that. */
void catalogue_settle(struct catalogue *catalogue);

/* Says in batch what would become of each book now, and changes nothing. */
enum err_code catalogue_try_many(struct catalogue *catalogue, struct batch *batch, struct arena *arena,
                                 struct err *err);

/* Asks MySQL for the version of the table; is_settled: once every write under way has come to its end. */
enum err_code catalogue_version(struct catalogue *catalogue, bool is_settled, struct version *version, struct err *err);

/* Does what earlier requests left to be done once they were answered: has the list rebuilt, by a process of its own. */
void catalogue_catch_up(struct catalogue *catalogue);

/* For the command line. progress (NULL allowed) is told now and then how many books of how many are done. */
typedef void catalogue_progress(uint64_t done, uint64_t total);

struct catalogue_status {
    struct version table; /* version of the table */
    struct version list;  /* version of the list in Redis; this and what follows only if is_cached */
    bool is_cached;
    bool is_whole; /* false: it was left half-changed, and is not used */
    uint64_t books, segments, bytes;
    uint64_t built_at, build_ms; /* when the list was built, in seconds since 1970, and how long that took */
    bool is_building;
    uint64_t done, total; /* of the building, in books */
};

enum err_code catalogue_cache_status(struct catalogue *catalogue, struct catalogue_status *status, struct err *err);

/* Removes the list, counts the books anew and begins a new epoch: for after edits that went past the application. */
enum err_code catalogue_cache_clear(struct catalogue *catalogue, struct err *err);

/* Builds the list, once no other process does. */
enum err_code catalogue_cache_warm(struct catalogue *catalogue, catalogue_progress *progress, struct err *err);

/*
 * Compares the whole list with the table at one version, and calls differs(ID, what) for each book that is not the
 * same, but for those that were changed meanwhile. ERR_CONFLICT: so much was changed meanwhile that it could not be
 * told.
 */
typedef void catalogue_differs(struct text id, const char *what);
enum err_code catalogue_cache_verify(struct catalogue *catalogue, catalogue_progress *progress,
                                     catalogue_differs *differs, uint64_t *differences, struct err *err);

/* The search index of this host. */
struct catalogue_index_status {
    struct version table, index; /* the latter, and what follows, only if is_there */
    bool is_there;
    uint64_t books, bytes;
};

/* ERR_INVALID: none is wanted (BOOKSHARE_FIND_INDEX=off). */
enum err_code catalogue_index_status(struct catalogue *catalogue, struct catalogue_index_status *status,
                                     struct err *err);

/* Makes the index anew. */
enum err_code catalogue_index_make(struct catalogue *catalogue, catalogue_progress *progress, struct err *err);

/* Brings the tables up to what this program needs. */
enum err_code catalogue_migrate(struct catalogue *catalogue, struct err *err);

/* Tries both servers; about: what each said of itself, or why it did not answer. */
enum err_code catalogue_check_store(struct catalogue *catalogue, char *about, size_t size, struct err *err);
enum err_code catalogue_check_cache(struct catalogue *catalogue, char *about, size_t size, struct err *err);

/*
 * Reads the whole table for values that no form would have taken, written past the application. tell is called for each
 * field that has some: in how many books, and the ID of one.
 */
typedef void catalogue_fault(enum book_field field, uint64_t books, const char *example);
enum err_code catalogue_find_faults(struct catalogue *catalogue, catalogue_fault *tell, struct err *err);

#endif
