/*
 * cache: the full table as a Redis list in segments, one row of text (book_row_write) a book, in the order of the IDs'
 * bytes, together with the version of the table that it holds.
 *
 * One lazy connection a process, opened when it is needed and again when it was lost. This module keeps the list and
 * tells its version; whether a version may be shown is the business of catalogue.c. Throughout:
 *   ERR_UNAVAILABLE  Redis is away, too slow or in no state to do it
 *   ERR_NOT_FOUND    there is no list, or what is there does not add up; it has to be built anew
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

/* Returns a cache that has not connected yet. config must outlive it. Free it with cache_free(). */
struct cache *cache_new(const struct config *config);
void cache_free(struct cache *cache);

/* Connects if need be. about: what answers, such as "7.0.15". */
enum err_code cache_check(struct cache *cache, char *about, size_t size, struct err *err);

/* Connects if need be. *connection: the number of the connection, another one each time it is opened. */
enum err_code cache_open(struct cache *cache, uint64_t *connection, struct err *err);

/* Part of the list at one version. */
struct cache_page {
    struct book_list list;
    uint64_t total; /* books in the whole list */
    struct version version;
};

/*
 * Reads at most limit books, the first offset left out: cache_page_ask sends, cache_page_answer waits and, if need be,
 * asks again. The connection must be open.
 */
enum err_code cache_page_ask(struct cache *cache, uint64_t offset, size_t limit, struct err *err);
enum err_code cache_page_answer(struct cache *cache, uint64_t offset, size_t limit, struct arena *arena,
                                struct cache_page *page, struct err *err);

/* Which list: the one that is read, or the one that this process builds. */
enum cache_target { CACHE_PUBLISHED, CACHE_STAGED };

/*
 * Applies changes, at least one, which follow one another and the version at, to a list at exactly that version; all or
 * none.
 * ERR_CONFLICT: the list is at another version, *now. ERR_NOT_FOUND: there is none, or it does not add up.
 */
enum err_code cache_apply(struct cache *cache, enum cache_target target, struct version at,
                          const struct change *changes, size_t count, struct version *now, struct err *err);

/*
 * Building a list beside the published one: begin, add each book in order, finish, bring it up to date with
 * cache_apply, publish, settle. What is staged goes away by itself if nobody goes on with it.
 *
 * cache_seen notes the published list as it is, before the new one is brought up to date for the last time:
 * ERR_NOT_FOUND if there is none. cache_build_publish: ERR_CONFLICT if the published list is not the one noted (bring
 * up to date and try again) or is newer. cache_build_settle makes the published list permanent and removes all else
 * that is ours; cache_build_abort forgets what was staged; cache_build_discard removes it from Redis
 * as well, if that can be reached.
 */
enum err_code cache_build_begin(struct cache *cache, struct version version, struct err *err);
enum err_code cache_build_add(struct cache *cache, const struct book *book, struct err *err);
enum err_code cache_build_finish(struct cache *cache, struct err *err);
enum err_code cache_seen(struct cache *cache, struct version *version, struct err *err);
enum err_code cache_build_publish(struct cache *cache, struct err *err);
enum err_code cache_build_settle(struct cache *cache, struct err *err);
void cache_build_abort(struct cache *cache);
void cache_build_discard(struct cache *cache);

/* Removes the list and all else that is ours; other keys are left alone. */
enum err_code cache_clear(struct cache *cache, struct err *err);

/* Reading the whole list: begin, then segment after segment; ERR_NOT_FOUND at the end, ERR_CONFLICT if books came or
   went meanwhile. Each segment tells the version that it was read at. */
enum err_code cache_scan_begin(struct cache *cache, struct version *version, struct err *err);
enum err_code cache_scan_next(struct cache *cache, struct arena *arena, struct book_list *list, struct version *version,
                              struct err *err);

struct cache_status {
    struct version version;
    bool is_whole; /* false: it was left half-changed */
    uint64_t books, segments, bytes;
    uint64_t built_at; /* seconds since 1970 */
    uint64_t build_ms;
};

/* Describes the published list. ERR_NOT_FOUND: there is none. */
enum err_code cache_status(struct cache *cache, struct cache_status *status, struct err *err);

/* What a process that builds tells of its progress: books done and to be done. ERR_NOT_FOUND: nobody builds. */
enum err_code cache_progress(struct cache *cache, uint64_t *done, uint64_t *total, struct err *err);
enum err_code cache_tell_progress(struct cache *cache, uint64_t done, uint64_t total, struct err *err);

#endif
