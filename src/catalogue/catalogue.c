#include "catalogue/catalogue.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/guard.h"
#include "base/log.h"
#include "catalogue/catalogue_parts.h"

enum { CATCH_UP_ATTEMPTS = 5 /* to read a list that others change meanwhile */ };

struct catalogue *catalogue_new(const struct config *config)
{
    struct catalogue *catalogue = mem_zero(sizeof *catalogue);

    catalogue->config = config;
    catalogue->store = store_new(config);
    catalogue->cache = list_view_is_wanted(config) ? cache_new(config) : NULL;
    catalogue->high_water = high_water_new(config);
    catalogue->list_view = matview_of(&list_view, config);
    catalogue->index_view = matview_of(&index_view, config);
    if (index_view_is_wanted(config)) {
        char *path = index_view_path(config);

        catalogue->index = index_new(path);
        catalogue->index_view.is_due = !index_refresh(catalogue->index);
        free(path);
    }
    catalogue->check_us = config->check_ms * 1000;
    return catalogue;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    cache_free(catalogue->cache);
    store_free(catalogue->store);
    high_water_free(catalogue->high_water);
    pagefile_free(catalogue->pages);
    index_free(catalogue->index);
    free(catalogue);
}

struct store *catalogue_store(const struct catalogue *catalogue)
{
    return catalogue->store;
}

/*
 * Returns whether versions were compared recently enough, and since this connection to Redis was opened. What other
 * processes of this host know counts too.
 */
static bool is_fresh(struct catalogue *catalogue, uint64_t connection)
{
    const struct version high_water = high_water_get(catalogue->high_water);

    if (!guard_is_on(GUARD_COMPARE) && catalogue->has_known)
        return true;
    if (high_water.epoch != catalogue->known.epoch)
        return false;
    if (guard_is_on(GUARD_HIGH_WATER) && !version_equal(high_water, catalogue->known)) {
        if (!version_covers(high_water, catalogue->known) || high_water.token == 0)
            return false; /* MySQL was restored from a backup, or the high-water mark is being raised */
        catalogue->known = high_water;
    }
    return catalogue->has_known && clock_us() - catalogue->known_at < catalogue->check_us &&
           (connection == catalogue->known_on || !guard_is_on(GUARD_RECONNECT));
}

/* Records that MySQL was at version at some moment after asked_at, on this connection to Redis. */
static void note_version(struct catalogue *catalogue, struct version version, int64_t asked_at, uint64_t connection)
{
    catalogue->known = version;
    catalogue->known_at = asked_at;
    catalogue->known_on = connection;
    catalogue->has_known = true;
}

/* Updates the high-water mark with MySQL's version. before: the mark before the query. */
static void note_truth(struct catalogue *catalogue, struct version truth, struct version before)
{
    const bool is_other_past = before.token != 0 && !version_is_before(before, truth) && !version_equal(before, truth);

    if (version_is_before(truth, before) || is_other_past)
        high_water_reset(catalogue->high_water, truth); /* MySQL was restored from a backup */
    else
        high_water_raise(catalogue->high_water, truth);
}

/* Queries MySQL's version now. */
static enum err_code ask_version(struct catalogue *catalogue, struct version *version, struct err *err)
{
    const struct version before = high_water_get(catalogue->high_water);
    const enum err_code code = store_version(catalogue->store, version, err);

    if (code == ERR_OK)
        note_truth(catalogue, *version, before);
    return code;
}

bool catalogue_bring_list_to(struct catalogue *catalogue, struct version at, struct version wanted)
{
    return list_view_follow(catalogue->store, catalogue->cache, at, wanted, catalogue->seen_from == 0,
                            &catalogue->list_view.is_due);
}

/* The verdict of the versions on a page from Redis. */
enum verdict { USE, READ_AGAIN, USE_MYSQL };

/*
 * Judges a page by its version. was_compared: MySQL was queried for this request. Updates a stale list if that is
 * quick.
 */
static enum verdict judge(struct catalogue *catalogue, struct version list, bool was_compared)
{
    struct version truth;
    struct err err;

    if (!guard_is_on(GUARD_COMPARE))
        return USE;
    if (list.epoch == catalogue->known.epoch && list.number < catalogue->known.number)
        return catalogue_bring_list_to(catalogue, list, catalogue->known) ? READ_AGAIN : USE_MYSQL;
    if (version_equal(list, catalogue->known) || !guard_is_on(GUARD_AHEAD))
        return USE;
    /* Ahead of the known version, of another epoch or of another past: it is newer, or not of this table. */
    if (list.epoch == catalogue->known.epoch && list.number > catalogue->known.number && !was_compared)
        return USE;
    if (ask_version(catalogue, &truth, &err) != ERR_OK)
        return USE_MYSQL;
    catalogue->known = truth;
    if (version_equal(list, truth))
        return USE;
    if (list.epoch == truth.epoch && list.number < truth.number)
        return READ_AGAIN;
    log_warn("the list in Redis is at version %s, MySQL at %s", version_text(list).string, version_text(truth).string);
    catalogue->list_view.is_due = true;
    catalogue->has_known = false; /* until the rebuild, nobody mistakes this list for one that was just updated */
    return USE_MYSQL;
}

/* Reads a page from Redis; if a comparison is due, queries MySQL's version concurrently. */
static enum err_code read_from_redis(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                     struct cache_page *page, bool *was_compared, bool *is_mysql_away, struct err *err)
{
    uint64_t connection;
    struct version version, before = high_water_get(catalogue->high_water);
    struct err why;
    const int64_t asked_at = clock_us();
    enum err_code asked = ERR_OK, code = cache_open(catalogue->cache, &connection, err);

    *was_compared = false;
    if (code != ERR_OK)
        return code;
    if (!is_fresh(catalogue, connection)) {
        asked = store_version_ask(catalogue->store, &why);
        *was_compared = asked == ERR_OK;
        *is_mysql_away = asked != ERR_OK;
    }
    code = cache_page_ask(catalogue->cache, offset, limit, err);
    if (*was_compared) {
        asked = store_version_answer(catalogue->store, &version, &why);
        *is_mysql_away = asked != ERR_OK;
        if (asked == ERR_OK) {
            note_version(catalogue, version, asked_at, connection);
            note_truth(catalogue, version, before);
        }
    }
    if (*is_mysql_away && !catalogue->was_away)
        log_warn("cannot compare the list with MySQL: %s", why.text);
    catalogue->was_away = *is_mysql_away;
    return code == ERR_OK ? cache_page_answer(catalogue->cache, offset, limit, arena, page, err) : code;
}

/* The outcome of reading a page from Redis. */
enum quality { NOTHING, DOUBTFUL, CERTAIN };

/*
 * Tries to answer from Redis. CERTAIN: page is as current as one from MySQL. DOUBTFUL: page is consistent and not older
 * than any shown before, but may be older than the table.
 */
static enum quality list_from_redis(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                    struct catalogue_page *page)
{
    for (int attempt = 0; attempt < CATCH_UP_ATTEMPTS && catalogue->cache != NULL; attempt++) {
        struct cache_page cached;
        struct err err;
        bool was_compared, is_mysql_away = false;
        enum err_code code =
            read_from_redis(catalogue, offset, limit, arena, &cached, &was_compared, &is_mysql_away, &err);
        enum verdict verdict;

        if (code == ERR_NOT_FOUND) {
            log_info("a rebuild is due: %s", err.text);
            catalogue->list_view.is_due = true;
        }
        if (code == ERR_UNAVAILABLE && attempt == 0) /* perhaps a stale connection */
            continue;
        if (code != ERR_OK)
            return NOTHING;
        *page = (struct catalogue_page){.list = cached.list,
                                        .total = cached.total,
                                        .books = cached.total,
                                        .source = CATALOGUE_REDIS,
                                        .version = cached.version};
        verdict = is_mysql_away ? USE_MYSQL : judge(catalogue, cached.version, was_compared);
        if (verdict == READ_AGAIN)
            continue;
        if (!version_covers(cached.version, high_water_get(catalogue->high_water)) && guard_is_on(GUARD_HIGH_WATER))
            return NOTHING;
        page->is_sure = verdict == USE;
        if (verdict == USE)
            catalogue->list_view.is_due = false; /* another process has rebuilt it */
        return verdict == USE ? CERTAIN : DOUBTFUL;
    }
    return NOTHING;
}

struct catalogue_page catalogue_page_of(const struct store_page *stored)
{
    return (struct catalogue_page){.list = stored->list,
                                   .total = stored->total,
                                   .books = stored->books,
                                   .source = CATALOGUE_MYSQL,
                                   .version = stored->version,
                                   .is_sure = true};
}

/* The same from the index. */
static enum quality list_from_index(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                    struct catalogue_page *page)
{
    const enum basis basis = catalogue_prepare_index(catalogue);

    if (basis == BASIS_NONE)
        return NOTHING;
    *page = catalogue_list_index(catalogue, offset, limit, arena);
    page->is_sure = basis == BASIS_SURE;
    return page->is_sure ? CERTAIN : DOUBTFUL;
}

enum err_code catalogue_list(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                             struct catalogue_page *page, struct err *err)
{
    struct store_page stored;
    struct catalogue_page indexed = {0};
    enum quality found = list_from_redis(catalogue, offset, limit, arena, page), other = NOTHING;
    enum err_code code = ERR_OK;

    if (found != CERTAIN)
        other = list_from_index(catalogue, offset, limit, arena, &indexed);
    if (other > found) {
        *page = indexed;
        found = other;
    }
    if (found != CERTAIN && other != DOUBTFUL) { /* otherwise MySQL has just not answered */
        code = store_page(catalogue->store, offset, limit, arena, &stored, err);
        if (code == ERR_OK)
            *page = catalogue_page_of(&stored);
        else if ((code == ERR_UNAVAILABLE || code == ERR_BUSY) &&
                 found == DOUBTFUL) /* a possibly stale page, marked as such, is better than none */
            code = ERR_OK;
    }
    if (code == ERR_OK)
        high_water_raise(catalogue->high_water, page->version);
    return code;
}

enum err_code catalogue_get(struct catalogue *catalogue, struct text id, struct arena *arena, struct book *book,
                            struct err *err)
{
    return store_get(catalogue->store, id, arena, book, err);
}

enum err_code catalogue_history(struct catalogue *catalogue, const struct history_query *query, struct arena *arena,
                                struct history *history, struct err *err)
{
    return store_history(catalogue->store, query, arena, history, err);
}

enum err_code catalogue_version(struct catalogue *catalogue, struct version *version, struct err *err)
{
    return ask_version(catalogue, version, err);
}

bool catalogue_tend(struct catalogue *catalogue)
{
    catalogue_tend_pages(catalogue);
    catalogue_follow_index(catalogue);
    matview_tend(&catalogue->list_view);
    matview_tend(&catalogue->index_view);
    return store_rest(catalogue->store);
}
