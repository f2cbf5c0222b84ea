/*
 * catalogue: the only interface to the books. It hides the cache behind the store and decides by the version protocol
 * (docs/consistency.md) what may be shown: after an acknowledged write no reader sees an older state.
 */
#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "book/change.h"
#include "book/history.h"
#include "book/query.h"
#include "book/version.h"
#include "book/write.h"

struct catalogue;
struct store;

enum catalogue_source { CATALOGUE_MYSQL, CATALOGUE_REDIS, CATALOGUE_INDEX };

/* Returns a catalogue whose connections open on demand. config must outlive it. */
struct catalogue *catalogue_new(const struct config *config);
void catalogue_free(struct catalogue *catalogue);

/* Returns the connection to MySQL, for the other tables there (people/people.h). */
struct store *catalogue_store(const struct catalogue *catalogue);

/*
 * For the end of a worker: withdraws the page files, since there may be no other worker that would notice a change. One
 * that there is publishes them again.
 */
void catalogue_leave_pages(struct catalogue *catalogue);

/* A part of the list or of a query's result. */
struct catalogue_page {
    struct book_list list;
    uint64_t total; /* books in the whole list or result */
    uint64_t books; /* books in the whole list, regardless of the query */
    enum catalogue_source source;
    struct version version;         /* of the table shown */
    bool is_sure;                   /* false: MySQL could not be queried for a newer version */
    struct facets facets;           /* of the whole result; none if it comes from MySQL or Redis */
    struct suggestions suggestions; /* if they were requested and hardly anything was found in the index */
};

/*
 * Reads at most limit books, ordered by ID, skipping the first offset: from Redis if the list is at the version of the
 * table, else from the index, else from MySQL; schedules a rebuild of the list if it needs one. With limit 0 it reads
 * no row but sets the rest of page, above all the version.
 */
enum err_code catalogue_list(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                             struct catalogue_page *page, struct err *err);

/*
 * Runs a query, with an exact total: from the list if it has the result, else from the search index or, if there is
 * none, from MySQL.
 */
enum err_code catalogue_find(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                             struct catalogue_page *page, struct err *err);

/*
 * Sets version, source and is_sure of page to what a query would be answered with now, without reading a book, for a
 * client that may have the answer. Returns false if that is not known: then run the query.
 */
bool catalogue_foresee(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                       struct catalogue_page *page);

/*
 * Iterates over the whole result of a query, ignoring offset and limit, in its order, at one version and in constant
 * memory. Calls begin once with the number of books, then visit for each; its texts are valid until it returns. A
 * callback stops the iteration, which returns its code, by returning anything but ERR_OK (never ERR_NOT_FOUND). A
 * failure after begin means that the iteration is incomplete. The catalogue must not be used meanwhile.
 */
typedef enum err_code catalogue_begin(void *context, uint64_t total, struct version version, struct err *err);
typedef enum err_code catalogue_visit(void *context, const struct book *book, struct err *err);
enum err_code catalogue_each(struct catalogue *catalogue, const struct query *query, catalogue_begin *begin,
                             catalogue_visit *visit, void *context, struct err *err);

/*
 * Finds the values of a field of text that begin with a text, at most limit, the most frequent first; case and accents
 * do not matter. Only the index knows them: without it there are none.
 */
void catalogue_values(struct catalogue *catalogue, enum book_field field, struct text start, size_t limit,
                      struct arena *arena, struct facet *facet);

/* Reads one book; ERR_NOT_FOUND if there is no such ID. */
enum err_code catalogue_get(struct catalogue *catalogue, struct text id, struct arena *arena, struct book *book,
                            struct err *err);

/*
 * Reads changes of the log, newest first, into arena: those of one book, or of all, by person, kind and day. The log
 * ends where it was pruned.
 */
enum err_code catalogue_history(struct catalogue *catalogue, const struct history_query *query, struct arena *arena,
                                struct history *history, struct err *err);

/*
 * The only entry point for writes: writes a book or a batch; see store_write() for the result. Withdraws page files
 * before and re-enables them after. ERR_INTERNAL: they cannot be withdrawn, and nothing was changed. It may return
 * before all new readers see the write: do not acknowledge it before written->settled_from.
 */
enum err_code catalogue_write(struct catalogue *catalogue, const struct write *write, struct arena *arena,
                              struct written *written, struct err *err);

/*
 * Looks up what was written under a key; see store_repeat() for the result. Acknowledge it as after catalogue_write(),
 * which does the same for a write that comes again.
 */
enum err_code catalogue_repeat(struct catalogue *catalogue, const struct write_key *key, struct arena *arena,
                               struct written *written, struct err *err);

/* Waits until every reader sees the write. */
void catalogue_settle(struct catalogue *catalogue);

/* Dry run: stores in batch the result that each book would have now; changes nothing. */
enum err_code catalogue_try_many(struct catalogue *catalogue, struct batch *batch, struct arena *arena,
                                 struct err *err);

/* Queries the version of the table from MySQL. */
enum err_code catalogue_version(struct catalogue *catalogue, struct version *version, struct err *err);

/*
 * Maintains all views: starts processes that rebuild the list and the index, and publishes page files; closes the
 * connection to MySQL if others need it. Returns whether to call it again soon, for the sake of those.
 */
bool catalogue_tend(struct catalogue *catalogue);

/* Maintains only the page files, between two batches of an import. */
void catalogue_tend_pages(struct catalogue *catalogue);

/*
 * Page files (pagefile/pagefile.h): list pages that the web server serves itself. After catalogue_publish_pages() this
 * process publishes them, if config enables them; another call with the stamp of new templates withdraws the old ones.
 * Otherwise a process only withdraws them when it writes. catalogue_drop_pages() withdraws them for good: an earlier
 * process may have published some that strangers may no longer see.
 */
enum { CATALOGUE_HOME_PAGE = 0 }; /* the number of the home page; those of list pages start at 1 */
void catalogue_publish_pages(struct catalogue *catalogue, uint32_t stamp);
void catalogue_drop_pages(struct catalogue *catalogue);
bool catalogue_has_pages(const struct catalogue *catalogue);

/* Returns whether a file of this page and version would be served now but is missing. */
bool catalogue_wants_page(struct catalogue *catalogue, uint64_t page, struct version version);

/* Stores a page as a page file. A failure is logged. */
void catalogue_put_page(struct catalogue *catalogue, uint64_t page, struct version version, const struct buf *html);

/* Appends the file that the web server would serve to html. Returns false if there is none. */
bool catalogue_read_page(const struct catalogue *catalogue, uint64_t page, struct buf *html);

/* ---- For the command line. progress (may be NULL) is called now and then with the numbers of books done and total. */
typedef void catalogue_progress(uint64_t done, uint64_t total);

/* The materialized views of the table (catalogue/matview.h). */
enum catalogue_view_id { CATALOGUE_LIST_VIEW, CATALOGUE_INDEX_VIEW, CATALOGUE_PAGES_VIEW, CATALOGUE_VIEWS };

/* The state of a view. Numbers that no rebuild on this host has recorded are 0. */
struct catalogue_view {
    const char *name;       /* a single word */
    const char *title;      /* for display */
    bool is_wanted;         /* enabled in the settings; otherwise the rest is not set */
    bool is_there;          /* the view is usable; otherwise version, rows and bytes are not set */
    struct version version; /* of the table shown */
    uint64_t rows;          /* books, or pages */
    uint64_t bytes;
    int64_t made_at;  /* seconds since 1970 of the last rebuild */
    int64_t made_ms;  /* duration of that rebuild */
    bool is_building; /* a process is rebuilding it: done of total books */
    uint64_t done, total;
    int64_t failed_at;      /* seconds since 1970 of the last failure, unless a rebuild has succeeded since */
    int64_t retry_ms;       /* milliseconds until the next attempt */
    char failure[ERR_TEXT]; /* reason of the failure */
};

/* Returns whether the settings enable a view. */
bool catalogue_uses(const struct catalogue *catalogue, enum catalogue_view_id id);

/* Gets the state of a view. ERR_UNAVAILABLE: it cannot be reached; view only has the names. */
enum err_code catalogue_view_status(struct catalogue *catalogue, enum catalogue_view_id id, struct catalogue_view *view,
                                    struct err *err);

/*
 * Rebuilds the list or the index, after waiting for any other rebuild. ERR_INVALID: it is disabled, or the view
 * is page files, which are made on demand.
 */
enum err_code catalogue_rebuild(struct catalogue *catalogue, enum catalogue_view_id id, catalogue_progress *progress,
                                struct err *err);

/* Removes the list, if any, recounts the books and starts a new epoch, after edits that bypassed the application. */
enum err_code catalogue_cache_clear(struct catalogue *catalogue, struct err *err);

/*
 * Compares the whole list with the table at one version and calls differs(ID, what) for each book that differs, except
 * those changed meanwhile. ERR_CONFLICT: too many concurrent changes to compare. ERR_INVALID: there is no Redis.
 */
typedef void catalogue_differs(struct text id, const char *what);
enum err_code catalogue_cache_verify(struct catalogue *catalogue, catalogue_progress *progress,
                                     catalogue_differs *differs, uint64_t *differences, struct err *err);

/* Upgrades the tables and calls tell for each table, column and index that it has added: "table X", "column X.Y". */
typedef void catalogue_added(const char *what);
enum err_code catalogue_migrate(struct catalogue *catalogue, catalogue_added *tell, struct err *err);

/* The outcome of pruning the log. */
struct catalogue_pruned {
    uint64_t removed;     /* changes; also set after a failure */
    const char *kept_for; /* the view for which more was kept than wanted; NULL: none */
};

/*
 * Removes the oldest changes from the log: all but those of the last days, or, if keep is not 0, but the last keep ones
 * and the others of their first version. Keeps what the list in Redis and the search index of this host need to follow
 * the log; a view of another host that finds a gap is rebuilt. ERR_UNAVAILABLE: Redis cannot say what it needs.
 */
enum err_code catalogue_prune(struct catalogue *catalogue, uint64_t days, uint64_t keep,
                              struct catalogue_pruned *pruned, struct err *err);

/* Tests both servers; about: the version of each, or why it did not respond. The cache only if it is used. */
enum err_code catalogue_check_store(struct catalogue *catalogue, char *about, size_t size, struct err *err);
enum err_code catalogue_check_cache(struct catalogue *catalogue, char *about, size_t size, struct err *err);

/*
 * Scans the table for invalid values, which bypassed the application. Calls tell for each field that has some, with the
 * number of books and the ID of one.
 */
typedef void catalogue_fault(enum book_field field, uint64_t books, const char *example);
enum err_code catalogue_find_faults(struct catalogue *catalogue, catalogue_fault *tell, struct err *err);

#endif
