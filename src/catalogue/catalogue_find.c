/*
 * The half of catalogue that finds: from the index where it can be brought to the version that MySQL is at, which is
 * asked each time, else from MySQL. So a book is found as soon as whoever wrote it has been told so, on every host.
 */

#include "base/clock.h"
#include "base/log.h"
#include "catalogue/catalogue_parts.h"

enum {
    CHANGES_AT_ONCE = 1000,  /* read from the log of changes */
    CHANGED_MOST = 200000,   /* books changed since the index was made, some 600 bytes each; more: it is not used */
    CHANGED_MANY = 2000,     /* so many, or one for so many rows if that is more, but not beyond a bound, */
    CHANGED_ROWS = 20,       /* and another index is made meanwhile: an import does not have one made after */
    CHANGED_BOUND = 50000,   /* the other, and each overlay stays small enough to be searched */
    FOLLOW_MOST = 5000,      /* changes that are taken in at once unasked: some 50 ms */
    FOLLOW_PAUSE_US = 250000 /* between two times that the index is brought forward unasked */
};

/* Whether so many books were changed that another index is wanted. */
static bool has_many_changes(const struct index *index)
{
    const uint64_t share = index_books(index) / CHANGED_ROWS;
    const uint64_t many = share > CHANGED_MANY ? share : CHANGED_MANY;

    return index_changed(index) > (many < CHANGED_BOUND ? many : CHANGED_BOUND);
}

/* matview_apply for the index. */
static enum err_code apply(void *view, struct version *at, const struct change *changes, size_t count, struct err *err)
{
    (void)at;
    return index_apply(view, changes, count, err);
}

/* Brings the index to the version truth, or past it, by most changes at most: see matview_follow(). */
static enum err_code bring_forward(struct catalogue *catalogue, struct version truth, size_t most, struct err *err)
{
    struct index *index = catalogue->index;
    const size_t changed = index_changed(index);
    const struct matview_follower follower = {apply, index, CHANGES_AT_ONCE,
                                              changed < CHANGED_MOST ? CHANGED_MOST - changed : 0, most};
    struct version at = index_version(index);

    return matview_follow(catalogue->store, &follower, &at, &truth, err);
}

/* Does what catalogue_prepare_index() does, by at most so many changes. */
static enum basis prepare(struct catalogue *catalogue, size_t most)
{
    struct version truth;
    struct err err;
    enum err_code code;

    if (catalogue->index == NULL)
        return BASIS_NONE;
    if (!index_refresh(catalogue->index)) {
        catalogue->index_view.is_due = true;
        return BASIS_NONE;
    }
    code = catalogue_version(catalogue, &truth, &err);
    if (code == ERR_UNAVAILABLE)
        return version_covers(index_version(catalogue->index), high_water_get(catalogue->high_water)) ? BASIS_UNSURE
                                                                                                      : BASIS_NONE;
    if (code != ERR_OK)
        return BASIS_NONE;
    code = bring_forward(catalogue, truth, most, &err);
    if (code == ERR_NOT_FOUND &&
        index_changed(catalogue->index) > 0) { /* those changes may be the ones that were lost */
        index_restart(catalogue->index);
        code = bring_forward(catalogue, truth, most, &err);
    }
    if (code != ERR_OK && code != ERR_BUSY) {
        if (!catalogue->index_view.is_due)
            log_info("the index cannot be brought to version %s: %s", version_text(truth).string, err.text);
        catalogue->index_view.is_due = true;
        return BASIS_NONE;
    }
    catalogue->index_view.is_due = has_many_changes(catalogue->index);
    return code == ERR_OK ? BASIS_SURE : BASIS_NONE;
}

enum basis catalogue_prepare_index(struct catalogue *catalogue)
{
    return prepare(catalogue, SIZE_MAX);
}

static enum err_code answer_from_index(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                                       struct catalogue_page *page, struct err *err)
{
    struct found *found;
    enum err_code code = index_query(catalogue->index, query, arena, &found, err);

    if (code != ERR_OK)
        return code;
    *page = (struct catalogue_page){.total = found_total(found),
                                    .books = index_books(catalogue->index),
                                    .source = CATALOGUE_INDEX,
                                    .version = index_version(catalogue->index)};
    found_part(found, arena, &page->list);
    if (query->wants_facets)
        found_facets(found, arena, &page->facets);
    return deadline_error(query->deadline, err);
}

static enum err_code answer_from_mysql(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                                       struct catalogue_page *page, struct err *err)
{
    struct store_page stored;
    enum err_code code = store_find(catalogue->store, query, arena, &stored, err);

    if (code == ERR_OK)
        *page = catalogue_page_of(&stored);
    return code;
}

enum err_code catalogue_find(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                             struct catalogue_page *page, struct err *err)
{
    enum basis basis;
    enum err_code code;

    if (query_is_list(query))
        return catalogue_list(catalogue, query->offset, query->limit, arena, page, err);
    basis = catalogue_prepare_index(catalogue);
    code = basis != BASIS_NONE ? answer_from_index(catalogue, query, arena, page, err)
                               : answer_from_mysql(catalogue, query, arena, page, err);
    if (code != ERR_OK)
        return code;
    if (basis != BASIS_NONE)
        page->is_sure = basis == BASIS_SURE;
    high_water_raise(catalogue->high_water, page->version);
    return ERR_OK;
}

/*
 * Brings the index to what this host has seen though nobody searches: for searches go on while MySQL is away, from what
 * the index has then, and the first one after many changes need not wait for them all to be taken in.
 */
void catalogue_follow_index(struct catalogue *catalogue)
{
    struct index *index = catalogue->index;
    const int64_t now = clock_us();

    if (index == NULL || now < catalogue->follow_from)
        return;
    catalogue->follow_from = now + FOLLOW_PAUSE_US;
    if (index_refresh(index) && !version_covers(index_version(index), high_water_get(catalogue->high_water)))
        prepare(catalogue, FOLLOW_MOST);
}
