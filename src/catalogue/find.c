#include "catalogue/find.h"

#include <stdlib.h>

#include "base/log.h"
#include "catalogue/find_parts.h"

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

/* Whether the file at our path is the one that is open. */
static bool is_same_file(const struct find *find)
{
    struct stat about;

    return stat(find->path, &about) == 0 && about.st_dev == find->file.about.st_dev &&
           about.st_ino == find->file.about.st_ino && about.st_mtim.tv_sec == find->file.about.st_mtim.tv_sec &&
           about.st_mtim.tv_nsec == find->file.about.st_mtim.tv_nsec;
}

bool find_refresh(struct find *find)
{
    struct err err;

    if (find->is_open && is_same_file(find))
        return true;
    forget(find);
    if (index_file_open(&find->file, find->path, &err) != ERR_OK) {
        log_debug("no index: %s", err.text);
        return false;
    }
    find->is_open = true;
    find->version = find->file.version;
    return true;
}

struct version find_version(const struct find *find)
{
    return find->version;
}

uint64_t find_books(const struct find *find)
{
    uint64_t books = find->file.rows;

    for (size_t i = 0; i < find->overlay.count; i++) {
        const struct overlay_book *changed = find->overlay.books[i];

        books += !changed->is_deleted;
        books -= changed->row != OVERLAY_NO_ROW;
    }
    return books;
}

uint64_t find_bytes(const struct find *find)
{
    return find->file.size;
}

size_t find_changed(const struct find *find)
{
    return find->overlay.count;
}

enum err_code find_apply(struct find *find, const struct change *changes, size_t count, struct version version,
                         struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const enum err_code code = overlay_apply(&find->overlay, &find->file, &changes[i], err);

        if (code != ERR_OK) {
            forget(find);
            return code;
        }
    }
    find->version = version;
    return ERR_OK;
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
