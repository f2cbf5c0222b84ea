#include "catalogue/list_view.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    FOLLOWED_MOST = 1000, /* changes that a request applies itself; beyond, the list is rebuilt */
    PUBLISH_ATTEMPTS = 50,
    LOCK_LOOK_US = 50000 /* between two checks whether another process is still rebuilding */
};

bool list_view_is_wanted(const struct config *config)
{
    return strcmp(config->redis_url, "off") != 0;
}

/* matview_apply for the published list and for the staged one. */
static enum err_code apply_to_published(void *view, struct version *at, const struct change *changes, size_t count,
                                        struct err *err)
{
    return cache_apply(view, CACHE_PUBLISHED, *at, changes, count, at, err);
}

static enum err_code apply_to_staged(void *view, struct version *at, const struct change *changes, size_t count,
                                     struct err *err)
{
    return cache_apply(view, CACHE_STAGED, *at, changes, count, at, err);
}

bool list_view_follow(struct store *store, struct cache *cache, struct version at, struct version wanted, bool says_why,
                      bool *needs_rebuild)
{
    const struct matview_follower follower = {apply_to_published, cache, CHANGES_OF_ONE_VERSION, FOLLOWED_MOST,
                                              SIZE_MAX};
    struct err err;
    const enum err_code code = matview_follow(store, &follower, &at, &wanted, &err);

    if (code == ERR_OK)
        return true;
    if (code == ERR_NOT_FOUND || code == ERR_CONFLICT)
        *needs_rebuild = true;
    if (says_why)
        log_info("cannot update the list to version %s: %s", version_text(wanted).string, err.text);
    return false;
}

/*
 * A list ahead of the table was built from a table that no longer exists, for instance before restoring an older
 * backup. A new epoch invalidates its version.
 */
static enum err_code begin_epoch_if_ahead(struct store *store, struct cache *cache, struct err *err)
{
    struct version seen = {0}, truth = {0};
    enum err_code code = cache_seen(cache, &seen, err);

    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code == ERR_OK)
        code = store_version(store, &truth, err);
    if (code != ERR_OK || !version_is_before(truth, seen))
        return code;
    log_warn("the list in Redis is ahead of MySQL, which must have been restored from a backup: starting a new epoch");
    return store_new_epoch(store, truth, seen.epoch + 1, err);
}

/* The hooks of a matview_scan. */
static enum err_code begin_staging(const struct matview_scan *scan, struct err *err)
{
    return cache_build_begin(scan->context, scan->version, err);
}

static enum err_code stage_book(const struct matview_scan *scan, const struct book *book, struct err *err)
{
    return cache_build_add(scan->context, book, err);
}

/* Other hosts read the progress from Redis. */
static enum err_code report_staging(const struct matview_scan *scan, struct err *err)
{
    return cache_tell_progress(scan->context, scan->read, scan->counted, err);
}

/* Streams the table into the staged list. *version: the version of the snapshot. */
static enum err_code stage(struct store *store, struct cache *cache, struct matview_job *job, struct version *version,
                           struct err *err)
{
    struct matview_scan scan = {.begin = begin_staging, .take = stage_book, .report = report_staging, .context = cache};
    enum err_code code = matview_scan(store, &scan, job, err);

    *version = scan.version;
    if (code == ERR_OK)
        code = cache_build_finish(cache, err);
    if (code == ERR_OK && scan.read != scan.counted) {
        log_warn("the table has %llu books, but the count is %llu; correcting the count", (unsigned long long)scan.read,
                 (unsigned long long)scan.counted);
        code = store_correct_count(store, (int64_t)scan.read - (int64_t)scan.counted, err);
    }
    return code;
}

/* Applies the changes after version to the staged list and updates version. */
static enum err_code bring_up_to_date(struct store *store, struct cache *cache, struct version *version,
                                      struct err *err)
{
    const struct matview_follower follower = {apply_to_staged, cache, CHANGES_OF_ONE_VERSION, UINT64_MAX, SIZE_MAX};
    const enum err_code code = matview_follow(store, &follower, version, NULL, err);

    return code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "the table was restored from a backup during the rebuild")
                                 : code;
}

/* Publishes the staged list once nothing changes between a look at the published one and the end of catching up. */
static enum err_code publish(struct store *store, struct cache *cache, struct version version, struct err *err)
{
    enum err_code code = ERR_CONFLICT;

    for (int attempt = 0; attempt < PUBLISH_ATTEMPTS && code == ERR_CONFLICT; attempt++) {
        struct version seen;

        code = cache_seen(cache, &seen, err);
        if (code == ERR_OK || code == ERR_NOT_FOUND)
            code = bring_up_to_date(store, cache, &version, err);
        if (code != ERR_OK)
            return code;
        code = cache_build_publish(cache, err);
    }
    return code;
}

static enum err_code rebuild(struct store *store, struct cache *cache, bool is_insisted, struct matview_job *job,
                             struct err *err)
{
    struct version version;
    struct err later;
    enum err_code code, ended;

    while ((code = store_rebuild_lock(store, err)) == ERR_CONFLICT && is_insisted)
        clock_wait_until(clock_us() + LOCK_LOOK_US);
    if (code != ERR_OK)
        return code;
    code = begin_epoch_if_ahead(store, cache, err);
    if (code == ERR_OK)
        code = stage(store, cache, job, &version, err);
    if (code == ERR_OK)
        code = publish(store, cache, version, err);
    ended = cache_build_end(cache, code == ERR_OK ? err : &later);
    store_rebuild_unlock(store);
    return code == ERR_OK ? ended : code;
}

static enum err_code rebuild_list(const struct config *config, struct store *store, bool is_insisted,
                                  struct matview_job *job, struct err *err)
{
    struct cache *cache = cache_new(config);
    const enum err_code code = rebuild(store, cache, is_insisted, job, err);

    cache_free(cache);
    return code;
}

const struct matview_kind list_view = {"list", "the list in Redis", rebuild_list};
