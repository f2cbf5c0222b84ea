/*
 * catalogue: the one door to the books. It alone knows that there is a cache beside the store, and decides by the
 * version protocol (docs/consistency.md) what may be shown: after an acknowledged write nobody is shown an older state.
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
#include "book/query.h"
#include "book/version.h"
#include "book/write.h"

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
 * The one door of all writes: writes a book or a batch (see store_write() for what it returns). Page files are
 * withdrawn before and come back after; ERR_INTERNAL: they cannot be withdrawn, and nothing was changed. It may return
 * before every reader that begins from now on sees the write: nobody may learn of it before written->settled_from.
 */
enum err_code catalogue_write(struct catalogue *catalogue, const struct write *write, struct arena *arena,
                              struct written *written, struct err *err);

/* Waits until every reader sees what was written. */
void catalogue_settle(struct catalogue *catalogue);

/* Says in batch what would become of each book now, and changes nothing. */
enum err_code catalogue_try_many(struct catalogue *catalogue, struct batch *batch, struct arena *arena,
                                 struct err *err);

/* Asks MySQL for the version of the table. */
enum err_code catalogue_version(struct catalogue *catalogue, struct version *version, struct err *err);

/* Looks after all views: has the list and the index rebuilt by processes of their own, and publishes page files. */
void catalogue_tend(struct catalogue *catalogue);

/* Looks after the page files alone: between two batches of an import. */
void catalogue_tend_pages(struct catalogue *catalogue);

/*
 * Page files (pagefile/pagefile.h): list pages that the web server answers with by itself. catalogue_publish_pages()
 * has them published from now on, if config asks for them; called again with the stamp of other templates it withdraws
 * those of the old ones. Without it a process only withdraws them when it writes.
 */
void catalogue_publish_pages(struct catalogue *catalogue, uint32_t stamp);
bool catalogue_has_pages(const struct catalogue *catalogue);

/* Returns whether a file of this page, of this version, would be served now and is missing. */
bool catalogue_wants_page(struct catalogue *catalogue, uint64_t page, struct version version);

/* Keeps a page as a file. A failure is logged. */
void catalogue_put_page(struct catalogue *catalogue, uint64_t page, struct version version, const struct buf *html);

/* Adds the file that the web server would answer with to html. Returns false if there is none. */
bool catalogue_read_page(const struct catalogue *catalogue, uint64_t page, struct buf *html);

/* ---- For the command line. progress (may be NULL) is called now and then with how many books of how many are done. */
typedef void catalogue_progress(uint64_t done, uint64_t total);

/* The materialized views of the table (catalogue/matview.h). */
enum catalogue_view_id { CATALOGUE_LIST_VIEW, CATALOGUE_INDEX_VIEW, CATALOGUE_PAGES_VIEW, CATALOGUE_VIEWS };

/* What is known of one. Of what no rebuild has noted on this host, the numbers are 0. */
struct catalogue_view {
    const char *name;       /* a word */
    const char *title;      /* for people */
    bool is_wanted;         /* by the settings; what follows only then */
    bool is_there;          /* the view can be used; version, rows, bytes only then */
    struct version version; /* of the table that it shows */
    uint64_t rows;          /* books, or pages */
    uint64_t bytes;
    int64_t made_at;  /* seconds since 1970 of the last rebuild */
    int64_t made_ms;  /* how long it took */
    bool is_building; /* a process rebuilds it now: done of total books */
    uint64_t done, total;
    int64_t failed_at;      /* seconds since 1970 of the last failure, unless a rebuild has worked since */
    int64_t retry_ms;       /* milliseconds until it is tried again */
    char failure[ERR_TEXT]; /* why it failed */
};

/* Describes a view. ERR_UNAVAILABLE: it cannot be reached; view has the names all the same. */
enum err_code catalogue_view_status(struct catalogue *catalogue, enum catalogue_view_id id, struct catalogue_view *view,
                                    struct err *err);

/*
 * Rebuilds the list or the index, once no other process does. ERR_INVALID: the settings ask for no index; page files
 * are made as pages are asked for.
 */
enum err_code catalogue_rebuild(struct catalogue *catalogue, enum catalogue_view_id id, catalogue_progress *progress,
                                struct err *err);

/* Removes the list, counts the books anew and begins a new epoch: for after edits that went past the application. */
enum err_code catalogue_cache_clear(struct catalogue *catalogue, struct err *err);

/*
 * Compares the whole list with the table at one version, and calls differs(ID, what) for each book that is not the
 * same, but for those that were changed meanwhile. ERR_CONFLICT: so much was changed meanwhile that it could not be
 * told.
 */
typedef void catalogue_differs(struct text id, const char *what);
enum err_code catalogue_cache_verify(struct catalogue *catalogue, catalogue_progress *progress,
                                     catalogue_differs *differs, uint64_t *differences, struct err *err);

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
