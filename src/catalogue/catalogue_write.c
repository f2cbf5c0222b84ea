/*
 * The only entry point for writes. Withdraws page files before the table is changed and re-enables them afterwards. In
 * between it applies the change to the list in Redis or, failing that, computes when every reader will have noticed it.
 */
#include "base/clock.h"
#include "base/guard.h"
#include "base/log.h"
#include "catalogue/catalogue_parts.h"

/* Updates the list to the version of a write. Returns whether every reader sees the write. */
static bool patch_list(struct catalogue *catalogue, const struct written *written)
{
    struct version now = written->from; /* where the list usually is */
    struct err err;
    enum err_code code = ERR_CONFLICT;

    if (catalogue->cache == NULL) /* the index and MySQL are asked for their version each time */
        return true;
    if (written->count == 0)
        code = cache_seen(catalogue->cache, &now, &err);
    if (written->count == 0 && code == ERR_OK)
        return catalogue_bring_list_to(catalogue, now, written->to);
    /* Retries once, since the connection may be stale; applying it twice changes nothing. */
    for (int attempt = 0; attempt < 2 && written->count > 0 && (attempt == 0 || code == ERR_UNAVAILABLE); attempt++)
        code = cache_apply(catalogue->cache, CACHE_PUBLISHED, now, written->changes, written->count, &now, &err);
    if (code == ERR_OK)
        return true;
    if (code == ERR_CONFLICT)
        return catalogue_bring_list_to(catalogue, now, written->to);
    if (code == ERR_NOT_FOUND)
        catalogue->list_view.is_due = true;
    if (catalogue->seen_from == 0) /* logged once for all batches of an import */
        log_info("cannot patch the list: %s", err.text);
    return false;
}

/* Applies a committed write to the list, or else records when all readers will have noticed it. */
static void bring_to_readers(struct catalogue *catalogue, const struct written *written)
{
    const int64_t committed_at = clock_us();

    high_water_raise(catalogue->high_water, written->to);
    catalogue->seen_from = patch_list(catalogue, written) ? 0 : committed_at + catalogue->check_us;
}

static int64_t settled_from(const struct catalogue *catalogue)
{
    return guard_is_on(GUARD_WAIT) ? catalogue->seen_from : 0;
}

enum err_code catalogue_write(struct catalogue *catalogue, const struct write *write, struct arena *arena,
                              struct written *written, struct err *err)
{
    enum err_code code = catalogue_withdraw_pages(catalogue, err);

    *written = (struct written){0};
    if (code != ERR_OK)
        return code;
    code = store_write(catalogue->store, write, arena, written, err);
    if (code == ERR_OK) {
        bring_to_readers(catalogue, written);
        written->settled_from = settled_from(catalogue);
    }
    catalogue_allow_pages(catalogue);
    return code;
}

enum err_code catalogue_repeat(struct catalogue *catalogue, const struct write_key *key, struct arena *arena,
                               struct written *written, struct err *err)
{
    const enum err_code code = store_repeat(catalogue->store, key, arena, written, err);

    if (code == ERR_OK) { /* the process that wrote it may have died before readers could see it */
        bring_to_readers(catalogue, written);
        written->settled_from = settled_from(catalogue);
    }
    return code;
}

enum err_code catalogue_try_many(struct catalogue *catalogue, struct batch *batch, struct arena *arena, struct err *err)
{
    return store_try_many(catalogue->store, batch, arena, err);
}

void catalogue_settle(struct catalogue *catalogue)
{
    clock_wait_until(settled_from(catalogue));
    catalogue->seen_from = 0;
}
