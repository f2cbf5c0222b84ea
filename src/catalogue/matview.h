/*
 * matview: a materialized view: something made from the table of books that carries the version it was made from. The
 * list in Redis, the search index and the page files of a host are such views. What they have in common is here: a view
 * follows the log of changes; if it cannot, it is rebuilt from a snapshot by a process of its own, one at a time; a
 * rebuild that failed is tried again after a pause that doubles each time (back-off). What failed, and when it is tried
 * again, is shared by the processes of a host (base/kept.h).
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
 * Applies changes to a view that is at version *at. ERR_CONFLICT: another process has moved it meanwhile; *at is where
 * it is now. Any other failure ends the following.
 */
typedef enum err_code matview_apply(void *view, struct version *at, const struct change *changes, size_t count,
                                    struct err *err);

struct matview_follower {
    matview_apply *apply;
    void *view;     /* its first argument */
    size_t at_once; /* changes that are read and applied together, at least CHANGES_OF_ONE_VERSION */
    uint64_t most;  /* changes that are worth following: more are not begun with, or not gone on with */
    uint64_t rest;  /* changes after which to leave off, with ERR_BUSY */
};

/*
 * Brings a view from version *at to the version wanted or past it; NULL: to the end of the log. *at is where it got,
 * also on failure. ERR_NOT_FOUND: no changes lead there, since the table has not been at *at, or not any more.
 * ERR_CONFLICT: more than follower->most changes do. ERR_BUSY: it left off after follower->rest. Otherwise what apply
 * or store_changes() returned.
 */
enum err_code matview_follow(struct store *store, const struct matview_follower *follower, struct version *at,
                             const struct version *wanted, struct err *err);

/* ---- Rebuilding */

/* Is called now and then with how many books of how many are done. */
typedef void matview_progress(uint64_t done, uint64_t total);

/* A rebuild under way. */
struct matview_job;

/* A reading of the whole table at one version. begin (NULL: nothing) is called before the first book. */
struct matview_scan {
    enum err_code (*begin)(const struct matview_scan *scan, struct err *err);
    enum err_code (*take)(const struct matview_scan *scan, const struct book *book, struct err *err);
    void *context;          /* for the hooks */
    struct version version; /* filled in */
    uint64_t counted, read; /* filled in: books that the version row counts; books that were read so far */
};

/* Hands all books to scan->take, in the order of their IDs, and tells of its progress. */
enum err_code matview_scan(struct store *store, struct matview_scan *scan, struct matview_job *job, struct err *err);

/* What differs between views. */
struct matview_kind {
    const char *name;  /* a word: in `bookshare views`, and in the name of the shared file */
    const char *title; /* in logs: "the list in Redis" */

    /*
     * Makes the view from a snapshot and puts it in the place of the old one, which stays as it is on any failure.
     * ERR_CONFLICT: another process does so. is_insisted: wait for that one to end, and make it even if it was just
     * made.
     */
    enum err_code (*rebuild)(const struct config *config, struct store *store, bool is_insisted,
                             struct matview_job *job, struct err *err);
};

/* One process's part in keeping a view up to date. */
struct matview {
    const struct matview_kind *kind;
    const struct config *config;
    bool is_due;       /* to be rebuilt */
    int64_t not_until; /* clock_us() before which this process starts no rebuild */
    pid_t builder;     /* child that rebuilds; 0: none */
};

/* Returns the part of this process; config must outlive it. */
struct matview matview_of(const struct matview_kind *kind, const struct config *config);

/* Starts a rebuild by a child process if one is due and may be tried. To be called between requests. */
void matview_tend(struct matview *view);

/* Rebuilds in this process, and notes the outcome. progress may be NULL. */
enum err_code matview_rebuild(const struct matview_kind *kind, const struct config *config, struct store *store,
                              bool is_insisted, matview_progress *progress, struct err *err);

/* ---- What the processes of this host know of it */

struct matview_state {
    int64_t made_at; /* seconds since 1970 of the last rebuild by this host; 0: none */
    int64_t made_ms; /* how long it took */
    int64_t told_at; /* clock_us() of the progress below */
    uint64_t done, total;
    int64_t retry_at;       /* clock_us() before which no rebuild is tried; in the past after a success */
    int64_t failed_at;      /* seconds since 1970 of the last failure; 0: none since the last success */
    uint32_t failures;      /* in a row */
    char failure[ERR_TEXT]; /* why */
};

/* Returns the state; all zeros if nothing is known. */
struct matview_state matview_state(const struct matview_kind *kind, const struct config *config);

/* Returns whether somebody on this host rebuilds now. */
bool matview_is_building(const struct matview_state *state);

#endif
