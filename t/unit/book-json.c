/* Books as JSON, read. */
#include "book/book_json.h"
#include "test.h"

static struct arena arena;
static struct book_json json;
static struct err err;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Reads s. Returns what is wrong with its members: "title:..., edition:...", or why it cannot be read at all. */
static const char *read_json(const char *s)
{
    struct buf faults = {0};
    const char *copy;

    if (book_json_read(text_from_cstr(s), BOOK_JSON_STRICT, &arena, &json, &err) != ERR_OK)
        return err.text;
    for (size_t i = 0; i < json.fault_count; i++)
        buf_add_format(&faults, "%s%.*s", i > 0 ? " " : "", (int)json.faults[i].name.len, json.faults[i].name.at);
    copy = arena_copy(&arena, faults.at, faults.len);
    buf_free(&faults);
    return copy;
}

static void assert_field(enum book_field field, const char *expected)
{
    assert_true(json.is_given[field]);
    assert_true(text_equal_string(json.book.field[field], expected));
}

static void members_become_fields(void **state)
{
    (void)state;
    assert_string_equal(read_json(" { \"title\" : \"\\u00c6sop\\n\", \"edition\":null, \"authors\":\"\"} "), "");
    assert_field(BOOK_TITLE, "Æsop\n");
    assert_field(BOOK_EDITION, "");
    assert_field(BOOK_AUTHORS, "");
    assert_false(json.is_given[BOOK_ID]);
    assert_false(json.is_given[BOOK_PUBLISHER]);
    assert_string_equal(read_json("{}"), "");
    assert_string_equal(read_json("{\"title\":\"\\ud83c\\udf89\\\\ud800\"}"), "");
    assert_field(BOOK_TITLE, "🎉\\ud800");
}

static void faults_name_members(void **state)
{
    (void)state;
    assert_string_equal(read_json("{\"title\":1,\"edition\":[1,{\"title\":\"x\"}],\"authors\":{\"a\":{}}}"),
                        "title edition authors");
    assert_string_equal(read_json("{\"colour\":\"red\",\"colour\":[]}"), "colour");
    assert_string_equal(read_json("{\"title\":\"x\",\"title\":\"x\"}"), "title");
    assert_string_equal(read_json("{\"\":true}"), "");
    assert_int_equal(json.fault_count, 1);
}

static void files_are_read_loosely(void **state)
{
    (void)state;
    assert_int_equal(
        book_json_read(text_from_cstr("{\"Title\":1984,\"ID\":-1.50,\"AVAILABLE FROM\":null,\"edition\":[1]}"),
                       BOOK_JSON_LOOSE, &arena, &json, &err),
        ERR_OK);
    assert_field(BOOK_TITLE, "1984");
    assert_field(BOOK_ID, "-1.50");
    assert_field(BOOK_AVAILABLE_FROM, "");
    assert_int_equal(json.fault_count, 1);
    assert_int_equal(book_json_read(text_from_cstr("{\"title\":\"a\",\"Title\":\"b\",\"isbn\":\"c\"}"), BOOK_JSON_LOOSE,
                                    &arena, &json, &err),
                     ERR_OK);
    assert_int_equal(json.fault_count, 2);
    assert_int_equal(book_json_read(text_from_cstr("{\"title\":\"\\ud800\"}"), BOOK_JSON_LOOSE, &arena, &json, &err),
                     ERR_INVALID);
}

static void faults_end_somewhere(void **state)
{
    struct buf text = {0};

    (void)state;
    buf_add_char(&text, '{');
    for (int i = 0; i < 100; i++)
        buf_add_format(&text, "%s\"%d\":0", i > 0 ? "," : "", i);
    buf_add_char(&text, '}');
    read_json(buf_string(&text));
    assert_int_equal(json.fault_count, BOOK_JSON_FAULTS);
    buf_free(&text);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const none[] = {"",
                                       " ",
                                       "{",
                                       "[]",
                                       "[{}]",
                                       "null",
                                       "1",
                                       "\"x\"",
                                       "true",
                                       "{} {}",
                                       "{\"title\"}",
                                       "nul",
                                       "{\"title\":\"\\ud800\"}",
                                       "{\"title\":\"\\udfff\"}",
                                       "{\"title\":\"\\ud800",
                                       "{\"title\":\"\\ud800\\ud800\"}",
                                       "{\"title\":\"\xff\"}",
                                       "{\"title\":\"a\nb\"}",
                                       "{\"title\":\"\\x\"}",
                                       "{\"title\":\"\\u12\"}",
                                       "\\",
                                       "\\u",
                                       "\\ud800\\u"};

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(book_json_read(text_from_cstr(none[i]), BOOK_JSON_STRICT, &arena, &json, &err), ERR_INVALID);
        assert_null(strchr(err.text, '\n'));
    }
}

/* Every beginning of a text, so that nothing is read behind its end. */
static void texts_are_cut_anywhere(void **state)
{
    static const char text[] = "{\"title\":\"\\ud83c\\udf89 \\\\ \\\" ü\",\"edition\":{\"a\":[1,2.5e3,null]}}";

    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++) {
        char *cut = mem_zero(len + 1); /* of its very size, for the sanitizer to see */

        memcpy(cut, text, len);
        cut = mem_grow(cut, len > 0 ? len : 1);
        assert_int_equal(book_json_read((struct text){cut, len}, BOOK_JSON_STRICT, &arena, &json, &err), ERR_INVALID);
        free(cut);
    }
    assert_string_equal(read_json(text), "edition");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_become_fields),        cmocka_unit_test(faults_name_members),
        cmocka_unit_test(files_are_read_loosely),       cmocka_unit_test(faults_end_somewhere),
        cmocka_unit_test(what_is_no_object_is_refused), cmocka_unit_test(texts_are_cut_anywhere),
    };

    return cmocka_run_group_tests_name("book-json", tests, NULL, forget_arena);
}
