/* The part of catalogue that compares the list in Redis with the table, for the command line. */
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "catalogue/catalogue_parts.h"

enum {
    VERIFY_ATTEMPTS = 5,     /* if books are added or deleted while the list is read */
    DIFFERENCES_MOST = 1000, /* recorded for a second look */
    CHANGES_AT_ONCE = 10000, /* changes made meanwhile */
    PROGRESS_ROWS = 20000
};

/* A running comparison. */
struct verify {
    struct catalogue *catalogue;
    catalogue_progress *progress;
    struct arena arena;    /* of the differences */
    struct arena segment;  /* of the current segment */
    struct arena row;      /* of the current book of the table */
    struct book_list list; /* the current segment, of which the first next books are done */
    size_t next;
    struct version version;    /* of the table */
    struct version list_until; /* the newest version of a segment */
    struct difference {
        struct text id;
        const char *what;
    } differences[DIFFERENCES_MOST];
    size_t count;
};

static void note(struct verify *verify, struct text id, const char *what)
{
    if (verify->count == DIFFERENCES_MOST)
        return;
    verify->differences[verify->count].id = text_copy(&verify->arena, id);
    verify->differences[verify->count++].what = what;
}

/* Moves to the next book of the list. ERR_NOT_FOUND at its end. */
static enum err_code next_cached(struct verify *verify, struct book **book, struct err *err)
{
    while (verify->next == verify->list.count) {
        enum err_code code;

        arena_clear(&verify->segment);
        verify->next = 0;
        verify->list.count = 0;
        code = cache_scan_next(verify->catalogue->cache, &verify->segment, &verify->list, &verify->list_until, err);
        if (code != ERR_OK)
            return code;
    }
    *book = &verify->list.books[verify->next++];
    return ERR_OK;
}

static enum err_code next_stored(struct verify *verify, struct book *book, struct err *err)
{
    arena_clear(&verify->row);
    return store_scan_next(verify->catalogue->store, &verify->row, book, err);
}

/* Iterates over both in parallel. */
static enum err_code compare_all(struct verify *verify, uint64_t books, struct err *err)
{
    struct book stored;
    struct book *cached = NULL;
    uint64_t done = 0;
    enum err_code left = next_stored(verify, &stored, err), right = next_cached(verify, &cached, err);

    while ((left == ERR_OK || left == ERR_NOT_FOUND) && (right == ERR_OK || right == ERR_NOT_FOUND) &&
           (left == ERR_OK || right == ERR_OK)) {
        int order = left != ERR_OK ? 1 : right != ERR_OK ? -1 : 0;

        if (order == 0)
            order = text_compare(stored.field[BOOK_ID], cached->field[BOOK_ID]);
        if (order < 0)
            note(verify, stored.field[BOOK_ID], "missing in the list");
        else if (order > 0)
            note(verify, cached->field[BOOK_ID], "in the list, but not in the table");
        else if (!book_equal(&stored, cached))
            note(verify, stored.field[BOOK_ID], "different");
        if (order <= 0) {
            if (verify->progress != NULL && ++done % PROGRESS_ROWS == 0)
                verify->progress(done, books > done ? books : done);
            left = next_stored(verify, &stored, err);
        }
        if (order >= 0)
            right = next_cached(verify, &cached, err);
    }
    if (left != ERR_OK && left != ERR_NOT_FOUND)
        return left;
    if (right == ERR_OK || right == ERR_NOT_FOUND) {
        if (verify->progress != NULL)
            verify->progress(done, done);
        return ERR_OK;
    }
    return right;
}

/* matview_apply for the differences: drops those of the changed books. */
static enum err_code forget(void *view, struct version *at, const struct change *changes, size_t count, struct err *err)
{
    struct verify *verify = view;
    size_t kept = 0;

    (void)at;
    (void)err;
    for (size_t i = 0; i < verify->count; i++) {
        bool was_changed = false;

        for (size_t j = 0; j < count && !was_changed; j++)
            was_changed = text_equal(changes[j].id, verify->differences[i].id);
        if (!was_changed)
            verify->differences[kept++] = verify->differences[i];
    }
    verify->count = kept;
    return ERR_OK;
}

/* Drops the differences due to changes between the compared versions. */
static enum err_code forget_changed(struct verify *verify, struct version list_from, struct err *err)
{
    const struct matview_follower follower = {forget, verify, CHANGES_AT_ONCE, UINT64_MAX, SIZE_MAX};
    struct version at = list_from.number < verify->version.number ? list_from : verify->version;
    const struct version until =
        verify->list_until.number > verify->version.number ? verify->list_until : verify->version;

    return matview_follow(verify->catalogue->store, &follower, &at, &until, err);
}

static enum err_code verify_once(struct verify *verify, struct err *err)
{
    struct version list_from;
    uint64_t books;
    enum err_code code = cache_scan_begin(verify->catalogue->cache, &list_from, err);

    verify->count = verify->next = verify->list.count = 0;
    if (code != ERR_OK)
        return code;
    verify->list_until = list_from;
    code = store_scan_begin(verify->catalogue->store, &verify->version, &books, err);
    if (code != ERR_OK)
        return code;
    if (list_from.epoch != verify->version.epoch)
        code = err_set(err, ERR_INTERNAL, "the list is of another epoch than the table");
    if (code == ERR_OK)
        code = compare_all(verify, books, err);
    store_scan_end(verify->catalogue->store);
    return code == ERR_OK && verify->count > 0 ? forget_changed(verify, list_from, err) : code;
}

enum err_code catalogue_cache_verify(struct catalogue *catalogue, catalogue_progress *progress,
                                     catalogue_differs *differs, uint64_t *differences, struct err *err)
{
    struct verify *verify;
    enum err_code code = ERR_CONFLICT;

    if (catalogue->cache == NULL)
        return catalogue_no_list(err);
    verify = mem_zero(sizeof *verify);
    verify->catalogue = catalogue;
    verify->progress = progress;
    for (int attempt = 0; attempt < VERIFY_ATTEMPTS && code == ERR_CONFLICT; attempt++)
        code = verify_once(verify, err);
    for (size_t i = 0; code == ERR_OK && i < verify->count; i++)
        differs(verify->differences[i].id, verify->differences[i].what);
    *differences = verify->count;
    arena_free(&verify->arena);
    arena_free(&verify->segment);
    arena_free(&verify->row);
    free(verify);
    return code;
}
