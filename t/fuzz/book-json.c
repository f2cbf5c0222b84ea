/* A book as a JSON text, by the letter and loosely. A book that was read and written again is read the same. */
#include "fuzz.h"

#include "book/book_json.h"
#include "view/json.h"
#include "view/json_books.h"

/* What tells of the faults is JSON, too: an object, none of whose members is one of a book. */
static void check_faults(const struct book_json *json, struct arena *arena)
{
    struct book_json problem;
    struct buf out = {0};
    struct err err;

    FUZZ_ASSERT(json->fault_count <= BOOK_JSON_FAULTS);
    for (size_t i = 0; i < json->fault_count; i++)
        FUZZ_ASSERT(text_is_utf8(json->faults[i].name) && json->faults[i].text != NULL);
    json_problem(422, "Not valid", "This is not a valid book.", json->faults, json->fault_count, &out);
    FUZZ_ASSERT(book_json_read((struct text){out.at, out.len}, BOOK_JSON_LOOSE, arena, &problem, &err) == ERR_OK);
    buf_free(&out);
}

static void read_one(struct text text, enum book_json_manner manner, struct arena *arena)
{
    struct book_json json, again;
    struct buf out = {0};
    struct err err;

    if (book_json_read(text, manner, arena, &json, &err) != ERR_OK) {
        FUZZ_ASSERT(err.code == ERR_INVALID && text_is_utf8(text_from_cstr(err.text)));
        return;
    }
    check_faults(&json, arena);
    for (int field = 0; field < BOOK_FIELDS; field++) {
        FUZZ_ASSERT(json.is_given[field] || json.book.field[field].len == 0);
        FUZZ_ASSERT(text_is_utf8(json.book.field[field]));
    }
    book_json_write(&json.book, &out);
    FUZZ_ASSERT(book_json_read((struct text){out.at, out.len}, BOOK_JSON_STRICT, arena, &again, &err) == ERR_OK);
    FUZZ_ASSERT(again.fault_count == 0 && book_equal(&json.book, &again.book));
    buf_free(&out);
}

FUZZ_TARGET(book_json)
{
    const struct text text = {(const char *)data, size};
    struct arena arena = {0};

    read_one(text, BOOK_JSON_STRICT, &arena);
    read_one(text, BOOK_JSON_LOOSE, &arena);
    arena_free(&arena);
    return 0;
}
