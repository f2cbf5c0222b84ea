#include "catalogue/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

enum { REPLACED_MOST = 1000 }; /* that are kept, beyond as many as there are books */

void overlay_free(struct overlay *overlay)
{
    arena_free(&overlay->arena);
    free(overlay->books);
    *overlay = (struct overlay){0};
}

/* Finds the place of an ID. Returns whether it is there. */
static bool find_place(const struct overlay *overlay, struct text id, size_t *place)
{
    size_t low = 0, high = overlay->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (text_compare(overlay->books[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *place = low;
    return low < overlay->count && text_equal(overlay->books[low]->id, id);
}

/* Makes an entry for an ID at its place. */
static struct overlay_book *insert(struct overlay *overlay, const struct index_file *file, struct text id, size_t place)
{
    struct overlay_book *entry = arena_alloc(&overlay->arena, sizeof *entry);

    *entry = (struct overlay_book){.id = text_copy(&overlay->arena, id)};
    if (!index_find_id(file, id, &entry->row))
        entry->row = OVERLAY_NO_ROW;
    if (overlay->count == overlay->capacity) {
        overlay->capacity = overlay->capacity > 0 ? 2 * overlay->capacity : 64;
        overlay->books = mem_grow(overlay->books, overlay->capacity * sizeof(struct overlay_book *));
    }
    memmove(&overlay->books[place + 1], &overlay->books[place],
            (overlay->count - place) * sizeof(struct overlay_book *));
    overlay->books[place] = entry;
    overlay->count++;
    return entry;
}

/* Leaves behind what other changes have replaced: else a book that is changed every second would fill the memory. */
static void compact(struct overlay *overlay)
{
    struct arena arena = {0};

    for (size_t i = 0; i < overlay->count; i++) {
        struct overlay_book *entry = arena_alloc(&arena, sizeof *entry);

        *entry = *overlay->books[i];
        entry->id = text_copy(&arena, entry->id);
        for (int field = 0; field < BOOK_FIELDS && !entry->is_deleted; field++) {
            entry->book.field[field] = text_copy(&arena, entry->book.field[field]);
            entry->folded[field] = text_copy(&arena, entry->folded[field]);
        }
        overlay->books[i] = entry;
    }
    arena_free(&overlay->arena);
    overlay->arena = arena;
    overlay->replaced = 0;
}

enum err_code overlay_apply(struct overlay *overlay, const struct index_file *file, const struct change *change,
                            struct err *err)
{
    struct overlay_book *entry;
    struct book book;
    size_t place;

    if (change->op != CHANGE_DELETE && !book_row_read(change->after, &book, &overlay->arena))
        return err_set(err, ERR_INTERNAL, "the log of changes holds no book at version %llu",
                       (unsigned long long)change->version.number);
    if (find_place(overlay, change->id, &place)) {
        entry = overlay->books[place];
        overlay->replaced++;
    } else {
        entry = insert(overlay, file, change->id, place);
    }
    entry->is_deleted = change->op == CHANGE_DELETE;
    if (!entry->is_deleted) {
        entry->book = book;
        for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++)
            entry->folded[field] = fold_text(&overlay->arena, book.field[field]);
    }
    if (overlay->replaced > overlay->count + REPLACED_MOST)
        compact(overlay);
    return ERR_OK;
}
