/*
 * matview: a materialized view: data derived from the table of books that carries the version it was made from. The
 * list in Redis, the search index and the page files of a host are such views. This module has their common part: a
 * view follows the log of changes; if it cannot, a separate process rebuilds it from a snapshot, one at a time; after a
 * failure the rebuild backs off exponentially. The processes of a host share the last failure and the time of the next
 * attempt (base/kept.h).
 */
#ifndef CATALOGUE_MATVIEW_H
#define CATALOGUE_MATVIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/config.h"
#include "base/err.h"
#include "book/change.h"
#include "book/version.h"
#include "store/store.h"

/* ---- Following the log of changes */

/*
 * Applies changes to a view at version *at. ERR_CONFLICT: another process has moved it meanwhile; *at is its new
 * version. Any other error stops following.
 */
typedef enum err_code matview_apply(void *view, struct version *at, const struct change *changes, size_t count,
                                    struct err *err);

struct matview_follower {
    matview_apply *apply;
    void *view;     /* its first argument */
    size_t at_once; /* changes read and applied together, at least CHANGES_OF_ONE_VERSION */
    uint64_t most;  /* maximum number of changes to follow; beyond, it does not start or continue */
    uint64_t rest;  /* changes after which to stop with ERR_BUSY */
};

/*
 * Moves a view from version *at to the version wanted or later; NULL: to the end of the log. *at is the reached
 * version, even on failure. ERR_NOT_FOUND: the log does not lead there, since the table was never at *at, or is no
 * longer. ERR_CONFLICT: it would take more than follower->most changes. ERR_BUSY: stopped after follower->rest. Other
 * errors come from apply or store_changes().
 */
enum err_code matview_follow(struct store *store, const struct matview_follower *follower, struct version *at,
                             const struct version *wanted, struct err *err);

/* ---- Rebuilding */

/* Called now and then with the numbers of books done and total. */
typedef void matview_progress(uint64_t done, uint64_t total);

/* A running rebuild. */
struct matview_job;

/* A scan of the whole table at one version. begin is called before the first book, report with each progress; both may
   be NULL. */
struct matview_scan {
    enum err_code (*begin)(const struct matview_scan *scan, struct err *err);
    enum err_code (*take)(const struct matview_scan *scan, const struct book *book, struct err *err);
    enum err_code (*report)(const struct matview_scan *scan, struct err *err);
    void *context;          /* for the hooks */
    struct version version; /* filled in */
    uint64_t counted, read; /* filled in: count of books in the version row; books read so far */
};

/* Passes all books to scan->take, ordered by ID, and reports progress. */
enum err_code matview_scan(struct store *store, struct matview_scan *scan, struct matview_job *job, struct err *err);

/* The interface of a view. */
struct matview_kind {
    const char *name;  /* a single word, for `bookshare views` and the name of the shared file */
    const char *title; /* for logs: "the list in Redis" */

    /*
     * Builds the view from a snapshot and replaces the old one, which is unchanged on failure. ERR_CONFLICT: another
     * process is rebuilding. is_insisted: wait for that one, and rebuild even if the view is fresh.
     */
    enum err_code (*rebuild)(const struct config *config, struct store *store, bool is_insisted,
                             struct matview_job *job, struct err *err);
};

/* The state of a view's maintenance in one process. */
struct matview {
    const struct matview_kind *kind;
    const struct config *config;
    bool is_due;       /* a rebuild is due */
    int64_t not_until; /* clock_us() of this process's next rebuild */
    pid_t builder;     /* child that rebuilds; 0: none */
};

/* Returns the state of this process; config must outlive it. */
struct matview matview_of(const struct matview_kind *kind, const struct config *config);

/* Starts a rebuild in a child process if one is due and not backing off. Call it between requests. */
void matview_tend(struct matview *view);

/* Rebuilds in this process and records the outcome. progress may be NULL. */
enum err_code matview_rebuild(const struct matview_kind *kind, const struct config *config, struct store *store,
                              bool is_insisted, matview_progress *progress, struct err *err);

/* ---- State shared by the processes of this host */

struct matview_state {
    int64_t made_at; /* seconds since 1970 of the last rebuild by this host; 0: none */
    int64_t made_ms; /* duration of that rebuild */
    int64_t told_at; /* clock_us() of the progress below */
    uint64_t done, total;
    int64_t retry_at;       /* clock_us() of the next attempt; in the past after a success */
    int64_t failed_at;      /* seconds since 1970 of the last failure; 0: none since the last success */
    uint32_t failures;      /* failures in a row */
    char failure[ERR_TEXT]; /* reason of the last failure */
};

/* Returns the state; all zeros if nothing is known. */
struct matview_state matview_state(const struct matview_kind *kind, const struct config *config);

/* Returns whether a process of this host is rebuilding now. */
bool matview_is_building(const struct matview_state *state);

#endif
