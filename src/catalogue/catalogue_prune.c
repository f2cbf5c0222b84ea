/* The part of catalogue that prunes the log of changes, which the views follow. */
#include <stdlib.h>

#include "catalogue/catalogue_parts.h"
#include "index/index_file.h"
#include "store/store_prune.h"

/* What to keep. */
struct keeping {
    struct version table; /* now */
    uint64_t first;       /* the first version to keep */
    const char *kept_for; /* the view that needs it; NULL: none */
};

/* Keeps what a view at this version follows: the changes after it, and the one that made it. */
static void keep_for(struct keeping *keeping, const char *title, struct version version)
{
    if (version.epoch != keeping->table.epoch || version.number >= keeping->first)
        return; /* of another epoch, it is rebuilt anyway */
    keeping->first = version.number;
    keeping->kept_for = title;
}

static enum err_code keep_for_list(struct catalogue *catalogue, struct keeping *keeping, struct err *err)
{
    struct cache_status list;
    enum err_code code;

    if (catalogue->cache == NULL)
        return ERR_OK;
    code = cache_status(catalogue->cache, &list, err);
    if (code == ERR_OK && list.is_whole)
        keep_for(keeping, list_view.title, list.version);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* The file matters, not how far this process has followed the log from there. */
static void keep_for_index(struct catalogue *catalogue, struct keeping *keeping)
{
    char *path = index_view_path(catalogue->config);
    struct index_file file;
    struct err ignored;

    if (catalogue->index != NULL && index_file_open(&file, path, &ignored) == ERR_OK) {
        keep_for(keeping, index_view.title, file.version);
        index_file_close(&file);
    }
    free(path);
}

/* Page files do not follow the log: each is of one version. */
enum err_code catalogue_prune(struct catalogue *catalogue, uint64_t days, uint64_t keep,
                              struct catalogue_pruned *pruned, struct err *err)
{
    struct keeping keeping = {0};
    uint64_t removed;
    enum err_code code = catalogue_version(catalogue, &keeping.table, err);

    *pruned = (struct catalogue_pruned){0};
    if (code == ERR_OK)
        code = keep > 0 ? store_prune_by_number(catalogue->store, keep, &keeping.first, err)
                        : store_prune_by_age(catalogue->store, days, &keeping.first, err);
    if (code == ERR_OK && keeping.first > keeping.table.number)
        keeping.first = keeping.table.number; /* the change that made the present version stays */
    if (code == ERR_OK)
        code = keep_for_list(catalogue, &keeping, err);
    if (code == ERR_OK)
        keep_for_index(catalogue, &keeping);
    pruned->kept_for = keeping.kept_for;
    while (code == ERR_OK) {
        code = store_prune_some(catalogue->store, keeping.first, &removed, err);
        if (code == ERR_OK)
            pruned->removed += removed;
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}
