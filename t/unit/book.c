#include "book/book.h"
#include "book/book_id.h"

#include "test.h"

static struct arena arena;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Returns a book with this value in this field, and all else in order. */
static struct book book_with(enum book_field field, const char *value)
{
    struct book book = {0};

    book.field[BOOK_ID] = text_from_cstr("A-1");
    book.field[BOOK_TITLE] = text_from_cstr("A title");
    book.field[field] = text_from_cstr(value);
    return book;
}

/* Returns whether a book with this value in this field passes; the fault must be at this field. */
static bool passes(enum book_field field, const char *value)
{
    struct book book = book_with(field, value);
    struct book_faults faults;
    const bool fine = book_check(&book, &faults, &arena);

    assert_int_equal(faults.count, fine ? 0 : 1);
    assert_true(fine == (faults.text[field] == NULL));
    return fine;
}

/* Returns a string of count characters, each of two bytes. */
static const char *characters(size_t count)
{
    char *s = arena_alloc(&arena, count * 2 + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(s + 2 * i, "é", 2);
    s[count * 2] = '\0';
    return s;
}

static void lengths_are_bounded_in_characters(void **state)
{
    (void)state;
    for (enum book_field field = BOOK_ID; field < BOOK_AVAILABLE_FROM; field++) {
        assert_true(passes(field, characters(book_fields[field].longest)));
        assert_false(passes(field, characters(book_fields[field].longest + 1)));
        assert_int_equal(passes(field, ""), !book_fields[field].required);
        assert_int_equal(passes(field, "  \t "), !book_fields[field].required);
        assert_false(passes(field, "\xFF"));
        assert_false(passes(field, "a\x01z"));
    }
}

static void dates_are_days_of_the_calendar(void **state)
{
    static const char *const fine[] = {"2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2023-04-30", ""};
    static const char *const wrong[] = {"2024-02-30",  "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10",
                                        "2024-01-00",  "0000-01-01", "2024-1-1",   "24-01-01",   "2024/01/01",
                                        "2024-01-01x", "soon",       "2024-04-31", "10000-01-01"};

    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_true(passes(BOOK_AVAILABLE_FROM, fine[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(passes(BOOK_AVAILABLE_FROM, wrong[i]));
}

static void ids_of_dots_are_refused(void **state)
{
    (void)state;
    assert_false(passes(BOOK_ID, "."));
    assert_false(passes(BOOK_ID, ".."));
    assert_true(passes(BOOK_ID, "..."));
    assert_false(book_id_valid(text_from_cstr("..")));
    assert_false(book_id_valid(text_from_cstr("../a")));
    assert_false(book_id_valid(text_from_cstr("a/./b")));
    assert_true(book_id_valid(text_from_cstr("a/.b/..c/")));
    assert_false(book_id_valid(text_from_cstr("")));
    assert_false(book_id_valid(text_from_cstr(" A")));
    assert_true(book_id_valid(text_from_cstr("a/b?c%d&\"<'é")));
}

static void check_trims(void **state)
{
    struct book book = book_with(BOOK_TITLE, "  Two words \n");
    struct book_faults faults;

    (void)state;
    assert_true(book_check(&book, &faults, &arena));
    assert_true(text_equal_string(book.field[BOOK_TITLE], "Two words"));
}

static void rows_round_trip(void **state)
{
    struct book book = book_with(BOOK_AUTHORS, "tab\there, line\nthere, back\\slash\r, \\N"), back;
    struct buf row = {0};

    (void)state;
    book.field[BOOK_CATEGORY] = (struct text){"a\0b", 3};
    book_row_write(&row, &book);
    assert_null(strchr(row.at, '\n'));
    assert_true(book_row_read((struct text){row.at, row.len}, &back, &arena));
    for (int i = 0; i < BOOK_FIELDS; i++) {
        assert_true(text_equal(book.field[i], back.field[i]));
        assert_int_equal(back.field[i].at[back.field[i].len], '\0');
    }
    buf_free(&row);
}

static void rows_that_are_none_are_refused(void **state)
{
    static const char *const wrong[] = {"",
                                        "A-1",
                                        "A\tb\tc\td\te\tf",
                                        "A\tb\tc\td\te\tf\tg\th",
                                        "\tb\tc\td\te\tf\tg",
                                        "A\tb\\x\tc\td\te\tf\tg",
                                        "A\tb\tc\td\te\tf\tg\\",
                                        "A\t\xFF\tc\td\te\tf\tg"};
    struct book book;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(book_row_read(text_from_cstr(wrong[i]), &book, &arena));
    assert_true(book_row_read(text_from_cstr("A\t\t\t\t\t\t"), &book, &arena));
}

/* The values are the hash's definition applied to "A-1\tA title" and five tabs, by xxhsum -H3. */
static void ids_are_made_from_titles(void **state)
{
    static const struct {
        const char *title, *id;
        uint64_t random;
    } made[] = {
        {"The Odyssey of Homer", "TOoH100-10000", 0},
        {"  «Das» Kapital, 1. Band  ", "DK1B999-10000", 899},
        {"a b c d e", "abcd100-10001", 900},
        {"Ελληνικά \u65e5\u672c", "Ε日100-99999", 900 * 89999},
        {"...", "100-10000", 900 * 90000},
        {"", "115-91724", UINT64_MAX},
        {"A\xff B", "A100-10000", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        const struct text id = book_id_make(&arena, text_from_cstr(made[i].title), made[i].random);

        assert_string_equal(id.at, made[i].id);
        assert_true(book_id_valid(id));
    }
}

static void tags_tell_books_apart(void **state)
{
    struct book book = book_with(BOOK_CATEGORY, ""), moved = book_with(BOOK_CATEGORY, "x");
    char tag[BOOK_TAG_SIZE], other[BOOK_TAG_SIZE];

    (void)state;
    book_tag(&book, tag);
    assert_string_equal(tag, "47ef521f6da8ac7b");
    book_tag(&moved, other);
    assert_string_not_equal(tag, other);
    moved = book_with(BOOK_AUTHORS, "x");
    book_tag(&moved, tag);
    assert_string_not_equal(tag, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_bounded_in_characters),
        cmocka_unit_test(dates_are_days_of_the_calendar),
        cmocka_unit_test(ids_of_dots_are_refused),
        cmocka_unit_test(ids_are_made_from_titles),
        cmocka_unit_test(check_trims),
        cmocka_unit_test(rows_round_trip),
        cmocka_unit_test(rows_that_are_none_are_refused),
        cmocka_unit_test(tags_tell_books_apart),
    };

    return cmocka_run_group_tests_name("book", tests, NULL, forget_arena);
}
