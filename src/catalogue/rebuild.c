#include "catalogue/rebuild.h"

#include "base/backoff.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/log.h"

enum {
    PROGRESS_ROWS = 20000,                    /* between two reports */
    CHANGES_AT_ONCE = CHANGES_OF_ONE_VERSION, /* applied by one script */
    PUBLISH_ATTEMPTS = 50,
    LOCK_LOOK_US = 50000 /* between two looks whether another process still rebuilds */
};

/*
 * A list that is ahead of the table was made from a table that is no longer there, for instance before an older backup
 * was restored. A new epoch says that its version means nothing any more.
 */
static enum err_code begin_epoch_if_ahead(struct store *store, struct cache *cache, struct err *err)
{
    struct version seen = {0}, truth = {0};
    enum err_code code = cache_seen(cache, &seen, err);

    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code == ERR_OK)
        code = store_version_ask(store, err);
    if (code == ERR_OK)
        code = store_version_answer(store, &truth, err);
    if (code != ERR_OK || !version_is_before(truth, seen))
        return code;
    log_warn("the list in Redis is ahead of MySQL, which must have been set back: a new epoch begins");
    return store_new_epoch(store, truth, seen.epoch + 1, err);
}

/* Streams the table into the staged list. *version: the state it was read at. */
static enum err_code stage(struct store *store, struct cache *cache, rebuild_progress *progress,
                           struct version *version, struct err *err)
{
    struct arena arena = {0};
    struct book book;
    uint64_t books, done = 0;
    enum err_code code = store_scan_begin(store, version, &books, err);

    if (code != ERR_OK)
        return code;
    code = cache_build_begin(cache, *version, err);
    while (code == ERR_OK) {
        arena_clear(&arena);
        code = store_scan_next(store, &arena, &book, err);
        if (code == ERR_OK)
            code = cache_build_add(cache, &book, err);
        if (code == ERR_OK && ++done % PROGRESS_ROWS == 0) {
            if (progress != NULL)
                progress(done, books > done ? books : done);
            code = cache_tell_progress(cache, done, books, err);
        }
    }
    store_scan_end(store);
    arena_free(&arena);
    if (code != ERR_NOT_FOUND) /* which is the end of the table */
        return code;
    code = cache_build_finish(cache, err);
    if (code == ERR_OK && done != books) {
        log_warn("the table has %llu books where %llu were counted; the count is corrected", (unsigned long long)done,
                 (unsigned long long)books);
        code = store_correct_count(store, (int64_t)done - (int64_t)books, err);
    }
    if (code == ERR_OK && progress != NULL)
        progress(done, done);
    return code;
}

/* Applies to the staged list what was changed after version, and moves version along. */
static enum err_code bring_up_to_date(struct store *store, struct cache *cache, struct version *version,
                                      struct err *err)
{
    struct arena arena = {0};
    struct version truth = *version, now;
    enum err_code code = ERR_OK;

    do {
        struct change *changes;
        size_t count;

        arena_clear(&arena);
        code = store_changes(store, *version, CHANGES_AT_ONCE, &arena, &changes, &count, &truth, err);
        if (code == ERR_NOT_FOUND && truth.epoch != version->epoch)
            code = err_set(err, ERR_CONFLICT, "a new epoch began while the list was built");
        if (code == ERR_OK && count > 0)
            code = cache_apply(cache, CACHE_STAGED, *version, changes, count, &now, err);
        if (code == ERR_OK)
            *version = count > 0 ? changes[count - 1].version : *version;
    } while (code == ERR_OK && version->number < truth.number);
    arena_free(&arena);
    return code;
}

/* Publishes the staged list once nothing has changed between a look at the published one and the end of catching up. */
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

enum err_code rebuild_run(struct store *store, struct cache *cache, bool waits, rebuild_progress *progress,
                          struct err *err)
{
    const int64_t started = clock_us();
    struct version version;
    enum err_code code;

    while ((code = store_rebuild_lock(store, err)) == ERR_CONFLICT && waits)
        clock_wait_until(clock_us() + LOCK_LOOK_US);
    if (code != ERR_OK)
        return code;
    code = begin_epoch_if_ahead(store, cache, err);
    if (code == ERR_OK)
        code = stage(store, cache, progress, &version, err);
    if (code == ERR_OK)
        code = publish(store, cache, version, err);
    if (code == ERR_OK)
        code = cache_build_settle(cache, err);
    if (code == ERR_OK)
        log_info("the list in Redis was built anew within %.2f s", (double)(clock_us() - started) / 1e6);
    if (code != ERR_OK)
        cache_build_discard(cache);
    store_rebuild_unlock(store);
    return code;
}

/* What the child does. */
static int build(const struct config *config)
{
    struct store *store = store_new(config);
    struct cache *cache = cache_new(config);
    struct err err;
    uint32_t failures;
    enum err_code code = rebuild_run(store, cache, false, NULL, &err);

    if (code == ERR_OK && (failures = backoff_worked(config, REBUILD_BACKOFF)) > 0)
        log_info("the list was built after %u failures", failures);
    else if (code == ERR_CONFLICT)
        log_debug("no rebuild: %s", err.text);
    else if (code != ERR_OK && backoff_failed(config, REBUILD_BACKOFF))
        log_warn("the list was not built: %s; it is tried again, ever more rarely, and said when it works", err.text);
    else if (code != ERR_OK)
        log_debug("the list was not built: %s", err.text);
    cache_free(cache);
    store_free(store);
    return code == ERR_OK || code == ERR_CONFLICT ? 0 : 1;
}

pid_t rebuild_start(const struct config *config)
{
    return child_start(build, config);
}
