/* The part of import that remembers which books a dry run would have added. */
#include <stdlib.h>

#include "files/import_parts.h"

enum { PLACES_FIRST = 4096 };

/* A slot of a hash table (open addressing) of 64-bit hashes; id is 0 if it is empty. */
struct seen_place {
    uint64_t id, row;
    uint64_t line; /* of the latest book */
};

static uint64_t sum_of(const struct book *book)
{
    char tag[BOOK_TAG_SIZE];

    book_tag(book, tag);
    return strtoull(tag, NULL, 16);
}

static struct seen_place *find(const struct import_seen *seen, uint64_t id)
{
    size_t at = id & (seen->size - 1);

    while (seen->places[at].id != 0 && seen->places[at].id != id)
        at = (at + 1) & (seen->size - 1);
    return &seen->places[at];
}

static void grow(struct import_seen *seen)
{
    struct import_seen larger = {.size = seen->size > 0 ? 2 * seen->size : PLACES_FIRST, .count = seen->count};

    larger.places = mem_zero(larger.size * sizeof *larger.places);
    for (size_t i = 0; i < seen->size; i++)
        if (seen->places[i].id != 0)
            *find(&larger, seen->places[i].id) = seen->places[i];
    free(seen->places);
    *seen = larger;
}

/* Returns the hash of a book's ID, never 0. */
static uint64_t id_of(const struct book *book)
{
    const struct book id_alone = {.field = {[BOOK_ID] = book->field[BOOK_ID]}};

    return sum_of(&id_alone) | 1;
}

enum batch_outcome import_seen_add(struct import_seen *seen, const struct book *book, uint64_t line, bool replaces,
                                   uint64_t *before)
{
    const struct seen_place wanted = {id_of(book), sum_of(book), line};
    struct seen_place *place;

    if (seen->count >= seen->size / 2)
        grow(seen);
    place = find(seen, wanted.id);
    *before = place->line;
    if (place->id == 0) {
        *place = wanted;
        seen->count++;
        return BATCH_ADDED;
    }
    if (place->row == wanted.row)
        return BATCH_UNCHANGED;
    if (replaces)
        *place = wanted;
    return replaces ? BATCH_REPLACED : BATCH_TAKEN;
}

uint64_t import_seen_line(const struct import_seen *seen, const struct book *book)
{
    return seen->size > 0 ? find(seen, id_of(book))->line : 0;
}

void import_seen_free(struct import_seen *seen)
{
    free(seen->places);
    *seen = (struct import_seen){0};
}
