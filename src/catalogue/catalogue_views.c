/* The part of catalogue that reports and rebuilds views for operators. */
#include <stdio.h>

#include "base/clock.h"
#include "catalogue/catalogue_parts.h"
#include "catalogue/page_view.h"

static const struct matview_kind *const kinds[CATALOGUE_VIEWS] = {
    [CATALOGUE_LIST_VIEW] = &list_view, [CATALOGUE_INDEX_VIEW] = &index_view, [CATALOGUE_PAGES_VIEW] = &page_view};

bool catalogue_uses(const struct catalogue *catalogue, enum catalogue_view_id id)
{
    switch (id) {
    case CATALOGUE_LIST_VIEW:
        return catalogue->cache != NULL;
    case CATALOGUE_INDEX_VIEW:
        return catalogue->index != NULL;
    case CATALOGUE_PAGES_VIEW:
        return catalogue->config->page_files[0] != '\0';
    case CATALOGUE_VIEWS:
        break;
    }
    return false;
}

enum err_code catalogue_no_list(struct err *err)
{
    return err_set(err, ERR_INVALID, "BOOKSHARE_REDIS_URL is off: there is no list in Redis");
}

/* Sets what this host has recorded about a view's rebuilds. */
static void add_state(const struct catalogue *catalogue, const struct matview_kind *kind, struct catalogue_view *view)
{
    const struct matview_state state = matview_state(kind, catalogue->config);
    const int64_t left_us = state.retry_at - clock_us();

    view->made_at = state.made_at;
    view->made_ms = state.made_ms;
    view->is_building = matview_is_building(&state);
    view->done = state.done;
    view->total = state.total;
    view->failed_at = state.failed_at;
    view->retry_ms = left_us > 0 ? left_us / 1000 : 0;
    snprintf(view->failure, sizeof view->failure, "%s", state.failure);
}

/* Another host may have rebuilt the list, or be rebuilding it: Redis knows. */
static enum err_code describe_list(struct catalogue *catalogue, struct catalogue_view *view, struct err *err)
{
    struct cache_status list;
    uint64_t done, total;
    enum err_code code = cache_status(catalogue->cache, &list, err);

    if (code == ERR_OK) {
        view->is_there = list.is_whole;
        view->version = list.version;
        view->rows = list.books;
        view->bytes = list.bytes;
        view->made_at = (int64_t)list.built_at;
        view->made_ms = (int64_t)list.build_ms;
    } else if (code != ERR_NOT_FOUND) {
        return code;
    }
    code = cache_progress(catalogue->cache, &done, &total, err);
    if (code == ERR_OK) {
        view->is_building = true;
        view->done = done;
        view->total = total;
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Each process has its own overlay of changes: update that of this one first. */
static void describe_index(struct catalogue *catalogue, struct catalogue_view *view)
{
    catalogue_prepare_index(catalogue);
    view->is_there = index_refresh(catalogue->index);
    if (!view->is_there)
        return;
    view->version = index_version(catalogue->index);
    view->rows = index_books(catalogue->index);
    view->bytes = index_bytes(catalogue->index);
}

static enum err_code describe_pages(struct catalogue *catalogue, struct catalogue_view *view, struct err *err)
{
    enum err_code code = catalogue_join_pages(catalogue, err);

    if (code == ERR_OK && catalogue->pages != NULL)
        view->is_there = pagefile_measure(catalogue->pages, &view->version, &view->made_at, &view->rows, &view->bytes);
    return code;
}

enum err_code catalogue_view_status(struct catalogue *catalogue, enum catalogue_view_id id, struct catalogue_view *view,
                                    struct err *err)
{
    *view = (struct catalogue_view){
        .name = kinds[id]->name, .title = kinds[id]->title, .is_wanted = catalogue_uses(catalogue, id)};
    if (!view->is_wanted)
        return ERR_OK;
    add_state(catalogue, kinds[id], view);
    switch (id) {
    case CATALOGUE_LIST_VIEW:
        return describe_list(catalogue, view, err);
    case CATALOGUE_INDEX_VIEW:
        describe_index(catalogue, view);
        break;
    case CATALOGUE_PAGES_VIEW:
        return describe_pages(catalogue, view, err);
    case CATALOGUE_VIEWS:
        break;
    }
    return ERR_OK;
}

enum err_code catalogue_rebuild(struct catalogue *catalogue, enum catalogue_view_id id, catalogue_progress *progress,
                                struct err *err)
{
    if (id == CATALOGUE_INDEX_VIEW && catalogue->index == NULL)
        return err_set(err, ERR_INVALID, "BOOKSHARE_FIND_INDEX is off: the search index is disabled");
    if (id == CATALOGUE_LIST_VIEW && catalogue->cache == NULL)
        return catalogue_no_list(err);
    if (kinds[id]->rebuild == NULL)
        return err_set(err, ERR_INVALID, "page files are made on demand");
    return matview_rebuild(kinds[id], catalogue->config, catalogue->store, true, progress, err);
}
