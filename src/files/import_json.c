/* The part of import that parses a book from a JSON object. */
#include "book/book_json.h"
#include "files/import_parts.h"

const char *import_json_read(struct text object, bool is_whole, struct book *book, struct arena *arena)
{
    struct book_json json;
    struct err err;

    if (book_json_read(object, BOOK_JSON_LOOSE, arena, &json, &err) != ERR_OK)
        return arena_format(arena, "%s", err.text);
    if (json.fault_count > 0)
        return arena_format(arena, "%s: %s", import_shown(arena, json.faults[0].name), json.faults[0].text);
    for (int i = 0; i < BOOK_FIELDS && is_whole; i++)
        if (!json.is_given[i])
            return arena_format(arena, "%s: This field is missing; an object that replaces a book needs all fields.",
                                book_fields[i].name);
    *book = json.book;
    return NULL;
}
