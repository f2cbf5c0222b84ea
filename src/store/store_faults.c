/* The part of store that finds invalid values, written without the application. */
#include <stdio.h>

#include "store/store.h"
#include "store/store_parts.h"

/* Counts the invalid values of a book, as stored. */
static void look_at(struct store_faults *faults, const struct book *book, struct arena *arena)
{
    struct book checked = *book;
    struct book_faults found;

    faults->books++;
    if (book_check(&checked, &found, arena))
        return;
    for (int field = 0; field < BOOK_FIELDS; field++) {
        const struct text id = text_line(arena, book->field[BOOK_ID]);

        if (found.text[field] != NULL && faults->count[field]++ == 0)
            snprintf(faults->example[field], sizeof faults->example[field], "%.*s", (int)id.len, id.at);
    }
}

enum err_code store_find_faults(struct store *store, struct store_faults *faults, struct err *err)
{
    struct arena arena = {0};
    struct version version;
    uint64_t books;
    enum err_code code = store_scan_begin(store, &version, &books, err);

    *faults = (struct store_faults){0};
    if (code != ERR_OK)
        return code;
    while (code == ERR_OK) {
        struct book book = {0};

        arena_clear(&arena);
        code = sql_fetch(store->sql, book.field, BOOK_FIELDS, &arena, err); /* not yet repaired */
        if (code == ERR_OK)
            look_at(faults, &book, &arena);
    }
    store_scan_end(store);
    arena_free(&arena);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}
