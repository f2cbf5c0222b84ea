#include "index/index.h"

#include <stdlib.h>

#include "base/log.h"
#include "index/index_parts.h"

struct index *index_new(const char *path)
{
    struct index *index = mem_zero(sizeof *index);

    index->path = mem_string(path);
    return index;
}

static void forget(struct index *index)
{
    overlay_free(&index->overlay);
    index_file_close(&index->file);
    index->is_open = false;
}

void index_free(struct index *index)
{
    if (index == NULL)
        return;
    forget(index);
    free(index->path);
    free(index);
}

/* Returns whether two stats are of the same, unchanged file. */
static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool index_refresh(struct index *index)
{
    struct index_file file = {0};
    struct overlay overlay = {0};
    struct version version;
    struct stat about;
    struct err err;
    const bool is_there = stat(index->path, &about) == 0;
    enum err_code code;

    if (index->is_open && is_there && is_same_file(&about, &index->file.about))
        return true;
    if (is_there && is_same_file(&about, &index->refused)) {
        forget(index);
        return false; /* until the file is replaced */
    }
    code = index_file_open(&file, index->path, &err);
    if (code != ERR_OK) {
        forget(index);
        if (code == ERR_INTERNAL) {
            log_warn("%s: ignored, will be rebuilt", err.text);
            index->refused = file.about;
        } else {
            log_debug("no search index: %s", err.text);
        }
        return false;
    }
    version = index->is_open && overlay_carry(&overlay, &index->overlay, &file) ? index->version : file.version;
    forget(index);
    index->file = file;
    index->overlay = overlay;
    index->is_open = true;
    index->version = version;
    return true;
}

struct version index_version(const struct index *index)
{
    return index->version;
}

uint64_t index_books(const struct index *index)
{
    return (uint64_t)((int64_t)index->file.rows + index->overlay.more);
}

uint64_t index_bytes(const struct index *index)
{
    return index->file.size;
}

size_t index_changed(const struct index *index)
{
    return index->overlay.count;
}

enum err_code index_apply(struct index *index, const struct change *changes, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const enum err_code code = overlay_apply(&index->overlay, &index->file, &changes[i], err);

        if (code != ERR_OK) {
            forget(index);
            return code;
        }
    }
    overlay_settle(&index->overlay);
    index->version = changes[count - 1].version;
    return ERR_OK;
}

void index_restart(struct index *index)
{
    overlay_free(&index->overlay);
    index->version = index->file.version;
}

enum err_code index_query(struct index *index, const struct query *query, struct arena *arena, struct found **found,
                          struct err *err)
{
    *found = arena_alloc(arena, sizeof **found);
    **found = (struct found){.index = index, .query = *query, .arena = arena};
    index_match(*found);
    return deadline_error(query->deadline, err);
}

uint64_t found_total(const struct found *found)
{
    return found->total;
}
