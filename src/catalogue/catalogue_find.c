/*
 * The searching half of catalogue: from the index if it can follow to MySQL's version, which is queried each time, else
 * from MySQL. So every host finds a book as soon as its write is acknowledged. List pages that Redis does not give come
 * from the index in the same way.
 */
#include "base/clock.h"
#include "base/guard.h"
#include "base/log.h"
#include "catalogue/catalogue_parts.h"

enum {
    CHANGES_AT_ONCE = 1000, /* read from the log of changes */
    CHANGED_MOST = 200000,  /* books changed since the index was built, about 600 bytes each; beyond, it is not used */
    CHANGED_MANY = 2000, /* after this many changed books, or one per this many rows if that is more, up to a limit, */
    CHANGED_ROWS = 20,   /* a new index is built in the background: an import does not trigger one after */
    CHANGED_BOUND = 50000,    /* the other, and each overlay stays small enough to search */
    FOLLOW_MOST = 5000,       /* changes applied at a time in the background: about 50 ms */
    FOLLOW_PAUSE_US = 250000, /* between two updates of the index in the background */
    LOOK_EVERY = 256          /* books of the table between two looks at the deadline of a search */
};

/* Returns whether enough books have changed for a new index. */
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

/* Follows to the version truth or later, by at most most changes: see matview_follow(). */
static enum err_code bring_forward(struct catalogue *catalogue, struct version truth, size_t most, struct err *err)
{
    struct index *index = catalogue->index;
    const size_t changed = index_changed(index);
    const struct matview_follower follower = {apply, index, CHANGES_AT_ONCE,
                                              changed < CHANGED_MOST ? CHANGED_MOST - changed : 0, most};
    struct version at = index_version(index);

    return matview_follow(catalogue->store, &follower, &at, &truth, err);
}

/* Does the work of catalogue_prepare_index(), with at most this many changes. */
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
    if (!guard_is_on(GUARD_ASK))
        return BASIS_SURE;
    code = catalogue_version(catalogue, &truth, &err);
    if (code == ERR_UNAVAILABLE || code == ERR_BUSY)
        return version_covers(index_version(catalogue->index), high_water_get(catalogue->high_water)) ? BASIS_UNSURE
                                                                                                      : BASIS_NONE;
    if (code != ERR_OK)
        return BASIS_NONE;
    code = bring_forward(catalogue, truth, most, &err);
    if (code == ERR_NOT_FOUND && index_changed(catalogue->index) > 0) { /* those changes may be the lost ones */
        index_restart(catalogue->index);
        code = bring_forward(catalogue, truth, most, &err);
    }
    if (code != ERR_OK && code != ERR_BUSY) {
        if (!catalogue->index_view.is_due)
            log_info("cannot update the index to version %s: %s", version_text(truth).string, err.text);
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

struct catalogue_page catalogue_list_index(struct catalogue *catalogue, uint64_t offset, size_t limit,
                                           struct arena *arena)
{
    const uint64_t books = index_books(catalogue->index);
    struct catalogue_page page = {
        .total = books, .books = books, .source = CATALOGUE_INDEX, .version = index_version(catalogue->index)};

    index_page(catalogue->index, offset, limit, arena, &page.list);
    return page;
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
    if (query->wants_suggestions && query->offset == 0 && page->total <= LIMIT_HARDLY_FOUND)
        index_suggest(catalogue->index, query, page->total, arena, &page->suggestions);
    return deadline_error(query->deadline, err);
}

/* Says how far the index is, if a search that cannot be answered has to wait for it. */
static enum err_code while_preparing(struct catalogue *catalogue, enum err_code code, struct err *err)
{
    struct matview_state state;

    if ((code != ERR_BUSY && code != ERR_INVALID) || catalogue->index == NULL || index_refresh(catalogue->index))
        return code;
    state = matview_state(&index_view, catalogue->config);
    if (!matview_is_building(&state) || state.total == 0)
        return err_set(err, ERR_PREPARING, "The search is being prepared. This page tries again in a few seconds.");
    return err_set(
        err, ERR_PREPARING,
        "The search is being prepared: it has read %llu of %llu books so far. This page tries again in a few "
        "seconds.",
        (unsigned long long)state.done, (unsigned long long)state.total);
}

enum err_code catalogue_gather(struct catalogue *catalogue, const struct query *query, struct gather *gather,
                               struct version *version, uint64_t *books, struct err *err)
{
    struct arena row = {0};
    struct book book;
    uint64_t read = 0;
    enum err_code code = store_search_begin(catalogue->store, query->deadline, version, books, err);

    if (code != ERR_OK)
        return while_preparing(catalogue, code, err);
    while (code == ERR_OK && (code = store_search_next(catalogue->store, &row, &book, err)) == ERR_OK) {
        gather_add(gather, &book);
        arena_clear(&row);
        if (++read % LOOK_EVERY == 0 && deadline_passed(query->deadline))
            code = deadline_error(query->deadline, err);
    }
    arena_free(&row);
    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code == ERR_BUSY)
        store_search_cancel(catalogue->store);
    else
        store_search_end(catalogue->store);
    return while_preparing(catalogue, code, err);
}

static enum err_code answer_from_mysql(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                                       struct catalogue_page *page, struct err *err)
{
    struct gather *gather = gather_new(query, err);
    enum err_code code;

    if (gather == NULL)
        return while_preparing(catalogue, err->code, err);
    *page = (struct catalogue_page){.source = CATALOGUE_MYSQL, .is_sure = true};
    code = catalogue_gather(catalogue, query, gather, &page->version, &page->books, err);
    if (code == ERR_OK) {
        store_search_end(catalogue->store);
        page->total = gather_total(gather);
        gather_part(gather, arena, &page->list);
    }
    gather_free(gather);
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

void catalogue_values(struct catalogue *catalogue, enum book_field field, struct text start, size_t limit,
                      struct arena *arena, struct facet *facet)
{
    *facet = (struct facet){.field = field};
    if (catalogue_prepare_index(catalogue) == BASIS_NONE)
        return;
    high_water_raise(catalogue->high_water, index_version(catalogue->index));
    index_values(catalogue->index, field, start, limit, arena, facet);
}

bool catalogue_foresee(struct catalogue *catalogue, const struct query *query, struct arena *arena,
                       struct catalogue_page *page)
{
    struct err err;

    if (query_is_list(query))
        return catalogue_list(catalogue, query->offset, 0, arena, page, &err) == ERR_OK;
    *page = (struct catalogue_page){.source = CATALOGUE_INDEX, .is_sure = true};
    if (catalogue_prepare_index(catalogue) != BASIS_SURE)
        return false;
    page->version = index_version(catalogue->index);
    high_water_raise(catalogue->high_water, page->version);
    return true;
}

/*
 * Has an index made, and updates it to the high-water mark, even if nobody searches. So the first search does not wait
 * for it, nor has to apply many changes, and searches continue with it while MySQL is down.
 */
void catalogue_follow_index(struct catalogue *catalogue)
{
    struct index *index = catalogue->index;
    const int64_t now = clock_us();

    if (index == NULL || now < catalogue->follow_from)
        return;
    catalogue->follow_from = now + FOLLOW_PAUSE_US;
    if (!index_refresh(index))
        catalogue->index_view.is_due = true;
    else if (!version_covers(index_version(index), high_water_get(catalogue->high_water)))
        prepare(catalogue, FOLLOW_MOST);
}
