/*
 * store: the truth in MySQL: the table `music`, the version it is at, and the changes that led there.
 *
 * What is read is copied into the caller's arena. Every function answers ERR_UNAVAILABLE while MySQL is away and works
 * again when it is back.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "book/change.h"
#include "book/query.h"
#include "book/version.h"
#include "book/write.h"

struct store;

/* Returns a store that has not connected yet. config must outlive it. Free it with store_free(). */
struct store *store_new(const struct config *config);
void store_free(struct store *store);

/* Connects if need be and checks that the tables are there. about: what answers, such as "10.11.6-MariaDB". */
enum err_code store_check(struct store *store, char *about, size_t size, struct err *err);

/*
 * The version, asked for now and awaited later, so that Redis can be read meanwhile. The answer is of a moment between
 * the two calls. store_version_answer waits at most BOOKSHARE_CHECK_TIMEOUT_MS.
 */
enum err_code store_version_ask(struct store *store, struct err *err);
enum err_code store_version_answer(struct store *store, struct version *version, struct err *err);

/* The version, once every write that has begun to make another has come to its end. */
enum err_code store_locked_version(struct store *store, struct version *version, struct err *err);

/* Part of the table at one version. */
struct store_page {
    struct book_list list;
    uint64_t total; /* books in the table, or found there */
    uint64_t books; /* books in the table */
    struct version version;
};

/* Reads at most limit books in the order of their IDs, the first offset left out. */
enum err_code store_page(struct store *store, uint64_t offset, size_t limit, struct arena *arena,
                         struct store_page *page, struct err *err);

/*
 * Finds what query asks for, at one version (its facets are not counted). As the table's collation sees case and
 * accents, which differs from base/fold.h in small things.
 */
enum err_code store_find(struct store *store, const struct query *query, struct arena *arena, struct store_page *page,
                         struct err *err);

/*
 * All that query finds, whatever part of it it asks for, at one version, without holding it in memory. store_find_begin
 * opens a snapshot and tells its version and how many books there are; store_find_next reads the next one into arena,
 * ERR_NOT_FOUND at the end; store_find_end closes it, also after a failure of store_find_next. Nothing else may be
 * asked of the store between.
 */
enum err_code store_find_begin(struct store *store, const struct query *query, struct version *version, uint64_t *total,
                               struct err *err);
enum err_code store_find_next(struct store *store, struct arena *arena, struct book *book, struct err *err);
void store_find_end(struct store *store);

/* Reads one book; ERR_NOT_FOUND if there is none with this ID. */
enum err_code store_get(struct store *store, struct text id, struct arena *arena, struct book *book, struct err *err);

/*
 * The whole table at one version. store_scan_begin opens a snapshot and tells its version and how many books the
 * version row counts; store_scan_next reads the next book in the order of the IDs into arena, ERR_NOT_FOUND at the end;
 * store_scan_end closes it at its end or after a failure; store_scan_cancel half-way, and the connection with it,
 * since the rest would have to be read first; so too for store_find_begin. Nothing else may be asked of the store
 * between.
 */
enum err_code store_scan_begin(struct store *store, struct version *version, uint64_t *books, struct err *err);
enum err_code store_scan_next(struct store *store, struct arena *arena, struct book *book, struct err *err);
void store_scan_end(struct store *store);
void store_scan_cancel(struct store *store);

/*
 * Writes one book (adds it, puts it in the place of the one with its ID, or deletes the one with its ID) or a batch,
 * and says in the batch what became of each. One transaction bumps the version, changes the table and logs the change;
 * a deadlock or a lock held too long is tried again.
 * On ERR_OK *written has what was changed: nothing if all was as wanted already, and then no version was made. Adding
 * one: ERR_CONFLICT if the ID is taken. Changing one: ERR_NOT_FOUND if there is no such book, ERR_CHANGED if seen is
 * not the tag of the one that is there, unless that is as wanted already. On any failure nothing was changed, except
 * with is_unknown.
 */
enum err_code store_write(struct store *store, const struct write *write, struct arena *arena, struct written *written,
                          struct err *err);

/* Says in batch what would become of each book now, and changes nothing. */
enum err_code store_try_many(struct store *store, struct batch *batch, struct arena *arena, struct err *err);

/*
 * Reads the changes after a version, oldest first, into an array in arena, and the version that the table is at: whole
 * versions, with at most limit changes, which is at least CHANGES_OF_ONE_VERSION. ERR_NOT_FOUND: the table has not been
 * at that version (it is of another epoch, or was set back since), or some changes are missing; no view can be brought
 * forward from there. *version is filled in then, too.
 */
enum err_code store_changes(struct store *store, struct version after, size_t limit, struct arena *arena,
                            struct change **changes, size_t *count, struct version *version, struct err *err);

/* Begins a new epoch, at_least or later, unless the version is no longer the one that the caller saw. */
enum err_code store_new_epoch(struct store *store, struct version seen, uint64_t at_least, struct err *err);

/* Corrects the count of books in the version row by difference, after a scan found that it was wrong. */
enum err_code store_correct_count(struct store *store, int64_t difference, struct err *err);

/*
 * The lock of whoever rebuilds the cache, held by the connection and so gone when its process is. ERR_CONFLICT: another
 * holds it.
 */
enum err_code store_rebuild_lock(struct store *store, struct err *err);
void store_rebuild_unlock(struct store *store);

/* Begins a new epoch and counts the books anew: for after edits that went past the application. */
enum err_code store_recount(struct store *store, struct err *err);

/* Brings the tables of an older installation up to this one's. Safe to run again. */
enum err_code store_migrate(struct store *store, struct err *err);

/* What is in the table that no form would have taken: how many books have such a value in each field, and one of them.
 */
struct store_faults {
    uint64_t books; /* looked at */
    uint64_t count[BOOK_FIELDS];
    char example[BOOK_FIELDS][64]; /* the ID of the first such book, cut and made printable */
};

/* Reads the whole table. */
enum err_code store_find_faults(struct store *store, struct store_faults *faults, struct err *err);

#endif
