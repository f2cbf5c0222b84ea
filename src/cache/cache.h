/*
 * cache: the whole table as a segmented list in Redis, one row of text (book_row_write) per book, in the byte order of
 * the IDs, with the version of the table.
 *
 * Each process has one lazy connection, opened on demand and reopened after a loss. This module maintains the list and
 * its version; catalogue.c decides whether a version may be shown. In all functions: ERR_UNAVAILABLE Redis is down, too
 * slow or not in a state to do it ERR_NOT_FOUND there is no list, or it is inconsistent; it must be rebuilt
 */
#ifndef CACHE_CACHE_H
#define CACHE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "book/change.h"
#include "book/version.h"

struct cache;

/* Returns a cache that is not connected yet. config must outlive it. Free it with cache_free(). */
struct cache *cache_new(const struct config *config);
void cache_free(struct cache *cache);

/* Connects if needed. about: the server's version, such as "7.0.15". */
enum err_code cache_check(struct cache *cache, char *about, size_t size, struct err *err);

/* Connects if needed. *connection: the number of the connection, which changes each time it is opened. */
enum err_code cache_open(struct cache *cache, uint64_t *connection, struct err *err);

/* A part of the list at one version. */
struct cache_page {
    struct book_list list;
    uint64_t total; /* books in the whole list */
    struct version version;
};

/*
 * Reads at most limit books, skipping the first offset. cache_page_ask sends the request; cache_page_answer waits for
 * the reply and retries if needed. The connection must be open.
 */
enum err_code cache_page_ask(struct cache *cache, uint64_t offset, size_t limit, struct err *err);
enum err_code cache_page_answer(struct cache *cache, uint64_t offset, size_t limit, struct arena *arena,
                                struct cache_page *page, struct err *err);

/* Which list: the published one, or the one that this process builds. */
enum cache_target { CACHE_PUBLISHED, CACHE_STAGED };

/*
 * Applies one or more consecutive changes after version at to a list at exactly that version: all or none.
 * ERR_CONFLICT: the list is at another version, *now. ERR_NOT_FOUND: there is no list, or it is inconsistent.
 */
enum err_code cache_apply(struct cache *cache, enum cache_target target, struct version at,
                          const struct change *changes, size_t count, struct version *now, struct err *err);

/*
 * Builds a list next to the published one: begin, add each book in order, finish, update it with cache_apply, publish,
 * end. From begin on the cache waits LIMIT_REDIS_BUILD_TIMES as long for each reply.
 *
 * cache_seen records the published list before the last update of the new one; ERR_NOT_FOUND if there is none.
 * cache_build_publish returns ERR_CONFLICT if the published list is not the recorded one (update and try again) or is
 * newer. cache_build_end must follow cache_build_begin, even after a failure: it makes the published list permanent and
 * removes all our other keys. What it cannot remove expires.
 */
enum err_code cache_build_begin(struct cache *cache, struct version version, struct err *err);
enum err_code cache_build_add(struct cache *cache, const struct book *book, struct err *err);
enum err_code cache_build_finish(struct cache *cache, struct err *err);
enum err_code cache_seen(struct cache *cache, struct version *version, struct err *err);
enum err_code cache_build_publish(struct cache *cache, struct err *err);
enum err_code cache_build_end(struct cache *cache, struct err *err);

/* Removes the list and all our other keys, but no keys of other applications. */
enum err_code cache_clear(struct cache *cache, struct err *err);

/*
 * Reads the whole list segment by segment; ERR_NOT_FOUND at the end, ERR_CONFLICT if books were added or deleted
 * meanwhile. Each segment has the version at which it was read.
 */
enum err_code cache_scan_begin(struct cache *cache, struct version *version, struct err *err);
enum err_code cache_scan_next(struct cache *cache, struct arena *arena, struct book_list *list, struct version *version,
                              struct err *err);

struct cache_status {
    struct version version;
    bool is_whole; /* false: it is half-changed */
    uint64_t books, segments, bytes;
    uint64_t built_at; /* seconds since 1970 */
    uint64_t build_ms;
};

/* Describes the published list. ERR_NOT_FOUND: there is none. */
enum err_code cache_status(struct cache *cache, struct cache_status *status, struct err *err);

/* The progress of a rebuild in any process, in books. ERR_NOT_FOUND: no rebuild is running. */
enum err_code cache_progress(struct cache *cache, uint64_t *done, uint64_t *total, struct err *err);
enum err_code cache_tell_progress(struct cache *cache, uint64_t done, uint64_t total, struct err *err);

#endif
