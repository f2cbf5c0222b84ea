#include "index/index.h"

#include <stdlib.h>

#include "base/log.h"
#include "index/index_parts.h"

struct find *find_new(const char *path)
{
    struct find *find = mem_zero(sizeof *find);

    find->path = mem_string(path);
    return find;
}

static void forget(struct find *find)
{
    overlay_free(&find->overlay);
    index_file_close(&find->file);
    find->is_open = false;
}

void find_free(struct find *find)
{
    if (find == NULL)
        return;
    forget(find);
    free(find->path);
    free(find);
}

/* Whether two looks at a file were at the same one, in which nothing was written in between. */
static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool find_refresh(struct find *find)
{
    struct index_file file = {0};
    struct overlay overlay = {0};
    struct version version;
    struct stat about;
    struct err err;
    const bool is_there = stat(find->path, &about) == 0;
    enum err_code code;

    if (find->is_open && is_there && is_same_file(&about, &find->file.about))
        return true;
    if (is_there && is_same_file(&about, &find->refused)) {
        forget(find);
        return false; /* until there is another one */
    }
    code = index_file_open(&file, find->path, &err);
    if (code != ERR_OK) {
        forget(find);
        if (code == ERR_INTERNAL) {
            log_warn("%s: it is not used, and another one is made", err.text);
            find->refused = file.about;
        } else {
            log_debug("no index: %s", err.text);
        }
        return false;
    }
    version = find->is_open && overlay_carry(&overlay, &find->overlay, &file) ? find->version : file.version;
    forget(find);
    find->file = file;
    find->overlay = overlay;
    find->is_open = true;
    find->version = version;
    return true;
}

struct version find_version(const struct find *find)
{
    return find->version;
}

uint64_t find_books(const struct find *find)
{
    return (uint64_t)((int64_t)find->file.rows + find->overlay.more);
}

uint64_t find_bytes(const struct find *find)
{
    return find->file.size;
}

size_t find_changed(const struct find *find)
{
    return find->overlay.count;
}

enum err_code find_apply(struct find *find, const struct change *changes, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const enum err_code code = overlay_apply(&find->overlay, &find->file, &changes[i], err);

        if (code != ERR_OK) {
            forget(find);
            return code;
        }
    }
    overlay_settle(&find->overlay);
    find->version = changes[count - 1].version;
    return ERR_OK;
}

void find_restart(struct find *find)
{
    overlay_free(&find->overlay);
    find->version = find->file.version;
}

enum err_code find_query(struct find *find, const struct query *query, struct arena *arena, struct found **found,
                         struct err *err)
{
    struct query_clauses clauses;

    if (!query_split(query->search, arena, &clauses))
        return err_set(err, ERR_INVALID, "A search may have %d words.", LIMIT_SEARCH_WORDS);
    *found = arena_alloc(arena, sizeof **found);
    **found = (struct found){.find = find, .query = *query, .arena = arena};
    find_match(*found, &clauses);
    return deadline_error(query->deadline, err);
}

uint64_t found_total(const struct found *found)
{
    return found->total;
}
