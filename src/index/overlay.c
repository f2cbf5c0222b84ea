#include "index/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "book/match.h"

enum { REPLACED_MOST = 1000 }; /* kept in addition to the number of books */

void overlay_free(struct overlay *overlay)
{
    arena_free(&overlay->arena);
    free(overlay->books);
    free(overlay->versions);
    *overlay = (struct overlay){0};
}

/* Finds the position of an ID among sorted books. Returns whether it exists. */
static bool find_place(struct overlay_book *const *books, size_t count, struct text id, size_t *place)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (text_compare(books[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *place = low;
    return low < count && text_equal(books[low]->id, id);
}

/* Finds an entry in the index. */
static void locate(struct overlay_book *entry, const struct index_file *file)
{
    entry->row = index_find_id(file, entry->id, &entry->place) ? entry->place : OVERLAY_NO_ROW;
    for (int field = 0; field < BOOK_FIELDS; field++)
        entry->code[field] = OVERLAY_UNKNOWN_CODE;
}

/* Inserts an entry for an ID at its position among the recent ones. */
static struct overlay_book *insert(struct overlay *overlay, const struct index_file *file, struct text id, size_t place)
{
    struct overlay_book *entry = arena_alloc(&overlay->arena, sizeof *entry);

    *entry = (struct overlay_book){.id = text_copy(&overlay->arena, id), .is_deleted = true};
    locate(entry, file);
    overlay->more -= entry->row != OVERLAY_NO_ROW;
    memmove(&overlay->recent[place + 1], &overlay->recent[place],
            (overlay->recent_count - place) * sizeof(struct overlay_book *));
    overlay->recent[place] = entry;
    overlay->recent_count++;
    return entry;
}

/* Notes that the entries from one on have changed. */
static void unrank(struct overlay *overlay, size_t from)
{
    overlay->ranked = from < overlay->ranked ? from : overlay->ranked;
}

void overlay_rank(struct overlay *overlay)
{
    for (size_t i = overlay->ranked; i < overlay->count; i++) {
        const struct overlay_book *last = i > 0 ? overlay->books[i - 1] : NULL;

        overlay->books[i]->before = last != NULL ? last->before + !last->is_deleted - (last->row != OVERLAY_NO_ROW) : 0;
    }
    overlay->ranked = overlay->count;
}

void overlay_settle(struct overlay *overlay)
{
    size_t old = overlay->count, fresh = overlay->recent_count, to = old + fresh;

    if (to > overlay->capacity) {
        overlay->capacity = 2 * to;
        overlay->books = mem_grow(overlay->books, overlay->capacity * sizeof(struct overlay_book *));
    }
    /* From the end, so that each moves once; entries before the first recent one stay in place. */
    while (fresh > 0) {
        const bool is_recent =
            old == 0 || text_compare(overlay->books[old - 1]->id, overlay->recent[fresh - 1]->id) < 0;

        overlay->books[--to] = is_recent ? overlay->recent[--fresh] : overlay->books[--old];
    }
    unrank(overlay, to);
    overlay->count += overlay->recent_count;
    overlay->recent_count = 0;
}

/* Returns the entry of an ID; creates it if needed. */
static struct overlay_book *entry_of(struct overlay *overlay, const struct index_file *file, struct text id)
{
    size_t place;

    if (find_place(overlay->books, overlay->count, id, &place)) {
        overlay->replaced++;
        unrank(overlay, place);
        return overlay->books[place];
    }
    if (find_place(overlay->recent, overlay->recent_count, id, &place)) {
        overlay->replaced++;
        return overlay->recent[place];
    }
    if (overlay->recent_count == OVERLAY_RECENT) {
        overlay_settle(overlay);
        place = 0;
    }
    return insert(overlay, file, id, place);
}

/* Returns a copy of an entry in arena. */
static struct overlay_book *copy(struct arena *arena, const struct overlay_book *book)
{
    struct overlay_book *entry = arena_alloc(arena, sizeof *entry);

    *entry = *book;
    entry->id = text_copy(arena, entry->id);
    for (int field = 0; field < BOOK_FIELDS && !entry->is_deleted; field++) {
        entry->book.field[field] = text_copy(arena, entry->book.field[field]);
        entry->folded[field] = text_copy(arena, entry->folded[field]);
    }
    return entry;
}

/* Copies only the current entries: otherwise a book that changes every second would fill the memory. */
static void compact(struct overlay *overlay)
{
    struct arena arena = {0};

    for (size_t i = 0; i < overlay->count; i++)
        overlay->books[i] = copy(&arena, overlay->books[i]);
    arena_free(&overlay->arena);
    overlay->arena = arena;
    overlay->replaced = 0;
}

/* Records an applied version. */
static void note_version(struct overlay *overlay, struct version version)
{
    if (overlay->version_count > 0 && version_equal(overlay->versions[overlay->version_count - 1], version))
        return;
    if (overlay->version_count == overlay->version_room) {
        overlay->version_room = overlay->version_room > 0 ? 2 * overlay->version_room : 64;
        overlay->versions = mem_grow(overlay->versions, overlay->version_room * sizeof *overlay->versions);
    }
    overlay->versions[overlay->version_count++] = version;
}

bool overlay_carry(struct overlay *overlay, const struct overlay *from, const struct index_file *file)
{
    size_t next = 0;

    *overlay = (struct overlay){0};
    while (next < from->version_count && !version_equal(from->versions[next], file->version))
        next++;
    if (next == from->version_count)
        return false;
    while (++next < from->version_count)
        note_version(overlay, from->versions[next]);
    overlay->capacity = from->count + 1;
    overlay->books = mem_grow(NULL, overlay->capacity * sizeof(struct overlay_book *));
    for (size_t i = 0; i < from->count; i++) {
        struct overlay_book *entry;

        if (from->books[i]->number <= file->version.number)
            continue;
        entry = overlay->books[overlay->count++] = copy(&overlay->arena, from->books[i]);
        locate(entry, file);
        overlay->more += !entry->is_deleted - (entry->row != OVERLAY_NO_ROW);
    }
    return true;
}

enum err_code overlay_apply(struct overlay *overlay, const struct index_file *file, const struct change *change,
                            struct err *err)
{
    struct overlay_book *entry;
    struct book book;

    if (change->op != CHANGE_DELETE && !book_row_read(change->after, &book, &overlay->arena))
        return err_set(err, ERR_INTERNAL, "the log of changes has no valid book at version %llu",
                       (unsigned long long)change->version.number);
    entry = entry_of(overlay, file, change->id);
    overlay->more += (change->op != CHANGE_DELETE) - !entry->is_deleted;
    note_version(overlay, change->version);
    entry->is_deleted = change->op == CHANGE_DELETE;
    entry->number = change->version.number;
    if (!entry->is_deleted) {
        entry->book = book;
        match_fold(&book, &overlay->arena, entry->folded);
        for (int field = 0; field < BOOK_FIELDS; field++)
            entry->code[field] = OVERLAY_UNKNOWN_CODE;
    }
    if (overlay->replaced > overlay->count + REPLACED_MOST) {
        overlay_settle(overlay);
        compact(overlay);
    }
    return ERR_OK;
}
