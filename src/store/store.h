/*
 * store: the source of truth in MySQL: the table `music`, its version, and the log of changes.
 *
 * Results are copied into the caller's arena. Every function returns ERR_UNAVAILABLE while MySQL is down, and ERR_BUSY
 * if the host has its maximum of connections (BOOKSHARE_MYSQL_CONNECTIONS) and none becomes free in time; it works
 * again when that is over.
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
#include "book/history.h"
#include "book/query.h"
#include "book/version.h"
#include "book/write.h"

struct store;

/* Returns a store that is not connected yet. config must outlive it. Free it with store_free(). */
struct store *store_new(const struct config *config);
void store_free(struct store *store);

/*
 * Gives the connection back if nobody has used it for a while or another process waits for one. Call it between
 * requests. Returns whether to call it again soon.
 */
bool store_rest(struct store *store);

/* Connects if needed and checks that the tables exist. about: the server, such as "10.11.6-MariaDB". */
enum err_code store_check(struct store *store, char *about, size_t size, struct err *err);

/*
 * Queries the version asynchronously, so that Redis can be read meanwhile. The result is from a moment between the two
 * calls. store_version_answer waits at most BOOKSHARE_CHECK_TIMEOUT_MS.
 */
enum err_code store_version_ask(struct store *store, struct err *err);
enum err_code store_version_answer(struct store *store, struct version *version, struct err *err);

/* Both calls in a row: the version now. */
enum err_code store_version(struct store *store, struct version *version, struct err *err);

/* Returns the version after waiting for all running writes. */
enum err_code store_locked_version(struct store *store, struct version *version, struct err *err);

/* A part of the table at one version. */
struct store_page {
    struct book_list list;
    uint64_t total; /* books in the table or in the result */
    uint64_t books; /* books in the table */
    struct version version;
};

/* Reads at most limit books, ordered by ID, skipping the first offset. */
enum err_code store_page(struct store *store, uint64_t offset, size_t limit, struct arena *arena,
                         struct store_page *page, struct err *err);

/*
 * Streams the whole table for a search at one version, as store_scan_begin() does: limited in time by the query's
 * deadline (NULL: not at all), and in how many do it at once on a host. ERR_BUSY: too many do, or it takes too long.
 * store_search_again() reads it once more from the start, after its end, at the same version and without limits.
 * store_search_count() only counts the books, exactly unlike the version row after edits that bypassed the application;
 * then store_search_again() reads them.
 * store_search_end() closes it at the end or after a failure; store_search_cancel() ends it half-way.
 */
enum err_code store_search_begin(struct store *store, struct deadline *deadline, struct version *version,
                                 uint64_t *books, struct err *err);
enum err_code store_search_count(struct store *store, struct deadline *deadline, struct version *version,
                                 uint64_t *books, struct err *err);
enum err_code store_search_next(struct store *store, struct arena *arena, struct book *book, struct err *err);
enum err_code store_search_again(struct store *store, struct err *err);
void store_search_end(struct store *store);
void store_search_cancel(struct store *store);

/* Reads one book; ERR_NOT_FOUND if there is no such ID. */
enum err_code store_get(struct store *store, struct text id, struct arena *arena, struct book *book, struct err *err);

/*
 * Streams the whole table at one version. store_scan_begin opens a snapshot and returns its version and the count of
 * books in the version row; store_scan_next reads the next book, ordered by ID, into arena, ERR_NOT_FOUND at the end;
 * store_scan_end closes it at the end or after a failure. store_scan_cancel ends it half-way; it closes the
 * connection instead of reading the rest. The store cannot be used otherwise in between.
 */
enum err_code store_scan_begin(struct store *store, struct version *version, uint64_t *books, struct err *err);
enum err_code store_scan_next(struct store *store, struct arena *arena, struct book *book, struct err *err);
void store_scan_end(struct store *store);
void store_scan_cancel(struct store *store);

/*
 * Writes one book (adds it, or updates or deletes the one with its ID), a batch, in which it stores the result for each
 * book, or a slice of an edit, in which it stores how many it has changed, and which it also notes in the table of
 * edits. One transaction increments the version, changes the table and logs the changes; deadlocks and lock
 * timeouts are retried. On ERR_OK *written has the changes: none if everything was as wanted already, and then no
 * version was made. Adding a book returns ERR_CONFLICT if the ID is taken. Changing one returns ERR_NOT_FOUND if there
 * is no such book, and ERR_CHANGED if seen is not the tag of the stored one, unless that is as wanted already. A write
 * of one book whose key was stored by an earlier one does nothing, and returns as store_repeat() does. Writing a
 * slice returns ERR_CHANGED if another process runs the edit now. A failure changes nothing, except with is_unknown.
 */
enum err_code store_write(struct store *store, const struct write *write, struct arena *arena, struct written *written,
                          struct err *err);

/*
 * Looks up what was written under a key, as for a write that has come again: *written as if by store_write(), but
 * without changes, and both its versions are that of the table now. ERR_NOT_FOUND: nothing yet. ERR_REUSED: another
 * request was, and only written->deed is set.
 */
enum err_code store_repeat(struct store *store, const struct write_key *key, struct arena *arena,
                           struct written *written, struct err *err);

/* Reads the books with these IDs, which are sorted, into arena; NULL: there is none. */
enum err_code store_get_many(struct store *store, const struct text *ids, size_t count, struct arena *arena,
                             const struct book **books, struct err *err);

/* Dry run: stores in batch the result that each book would have now; changes nothing. */
enum err_code store_try_many(struct store *store, struct batch *batch, struct arena *arena, struct err *err);

/*
 * Reads the changes after a version, oldest first, into an array in arena, and the current version of the table.
 * Returns only whole versions, at most limit changes; limit is at least CHANGES_OF_ONE_VERSION. ERR_NOT_FOUND: the
 * table was never at that version (another epoch, or the table was restored from a backup), or changes are missing, so
 * a view cannot follow from there. *version is set in this case too.
 */
enum err_code store_changes(struct store *store, struct version after, size_t limit, struct arena *arena,
                            struct change **changes, size_t *count, struct version *version, struct err *err);

/* Reads changes of the log, newest first, into arena. */
enum err_code store_history(struct store *store, const struct history_query *query, struct arena *arena,
                            struct history *history, struct err *err);

/* Starts a new epoch, at_least or later, unless the version is no longer the one that the caller saw. */
enum err_code store_new_epoch(struct store *store, struct version seen, uint64_t at_least, struct err *err);

/* Adds difference to the count of books in the version row, after a scan found it wrong. */
enum err_code store_correct_count(struct store *store, int64_t difference, struct err *err);

/*
 * The lock for rebuilding the cache. The connection holds it, so it is released when the process dies. ERR_CONFLICT:
 * another process holds it.
 */
enum err_code store_rebuild_lock(struct store *store, struct err *err);
void store_rebuild_unlock(struct store *store);

/* Starts a new epoch and recounts the books, after edits that bypassed the application. */
enum err_code store_recount(struct store *store, struct err *err);

/*
 * Upgrades the tables of an older installation and calls tell for each table, column and index that it has added:
 * "table X", "column X.Y", "index X.Y". Idempotent.
 */
typedef void store_added(const char *what);
enum err_code store_migrate(struct store *store, store_added *tell, struct err *err);

/* Values in the table that no form would accept: number of such books for each field, and an example. */
struct store_faults {
    uint64_t books; /* books checked */
    uint64_t count[BOOK_FIELDS];
    char example[BOOK_FIELDS][64]; /* the ID of the first such book, shortened and printable */
};

/* Reads the whole table. */
enum err_code store_find_faults(struct store *store, struct store_faults *faults, struct err *err);

#endif
