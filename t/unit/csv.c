/* Books as comma-separated values, and as the other formats of files. */
#include "files/book_file.h"
#include "files/csv_write.h"
#include "test.h"

/* Returns the line that a book with this title becomes, up to the title. Good until the next call. */
static const char *line_of(const char *title, bool is_raw)
{
    static struct buf out;
    struct book book = {{{"a", 1}}};

    book.field[BOOK_TITLE] = text_from_cstr(title);
    buf_clear(&out);
    csv_row(&out, &book, is_raw);
    assert_true(out.len >= 9 && strcmp(out.at + out.len - 7, ",,,,,\r\n") == 0);
    out.at[out.len - 7] = '\0';
    assert_memory_equal(out.at, "a,", 2);
    return out.at + 2;
}

static void values_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    assert_string_equal(line_of("plain ü", false), "plain ü");
    assert_string_equal(line_of("a,b", false), "\"a,b\"");
    assert_string_equal(line_of("a \"b\"", false), "\"a \"\"b\"\"\"");
    assert_string_equal(line_of("\"", false), "\"\"\"\"");
    assert_string_equal(line_of("a\r\nb", false), "\"a\r\nb\"");
    assert_string_equal(line_of(" a ", false), "\" a \"");
    assert_string_equal(line_of("a;b", false), "a;b");
}

static void formulas_are_guarded(void **state)
{
    static const char *const formulas[] = {"=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-x"};

    (void)state;
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        const char *guarded = line_of(formulas[i], false);

        assert_int_equal(guarded[0], '\'');
        assert_string_equal(guarded + 1, formulas[i]);
        assert_string_equal(line_of(formulas[i], true), formulas[i]);
    }
    assert_string_equal(line_of("\t=1", false), "\"'\t=1\"");
    assert_string_equal(line_of("\r1", false), "\"'\r1\"");
    assert_string_equal(line_of("=\"a\"", false), "\"'=\"\"a\"\"\"");
    assert_string_equal(line_of("1-1", false), "1-1");
    assert_string_equal(line_of("'quoted'", false), "'quoted'");
    assert_string_equal(line_of("'", false), "'");
    assert_string_equal(line_of("", false), "");
}

static void every_format_has_its_form(void **state)
{
    const struct book book = {{{"=1", 2}, {"a\tb\\", 4}, {"", 0}, {"x\"y", 3}, {"", 0}, {"", 0}, {"2020-02-29", 10}}};
    const struct {
        struct book_file file;
        const char *text;
    } forms[] = {
        {{BOOK_CSV, false, false},
         "book_id,title,category,authors,publisher,edition,available_from\r\n"
         "'=1,\"a\tb\\\",,\"x\"\"y\",,,2020-02-29\r\n"},
        {{BOOK_CSV, true, true},
         "\xef\xbb\xbf"
         "book_id,title,category,authors,publisher,edition,available_from\r\n"
         "=1,\"a\tb\\\",,\"x\"\"y\",,,2020-02-29\r\n"},
        {{BOOK_NDJSON, false, true},
         "{\"book_id\":\"=1\",\"title\":\"a\\tb\\\\\",\"category\":null,\"authors\":\"x\\\"y\",\"publisher\":null,"
         "\"edition\":null,\"available_from\":\"2020-02-29\"}\n"},
        {{BOOK_TSV, false, true}, "=1\ta\\tb\\\\\t\\N\tx\"y\t\\N\t\\N\t2020-02-29\n"},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        buf_clear(&out);
        book_file_begin(&forms[i].file, &out);
        book_file_add(&forms[i].file, &book, &out);
        assert_string_equal(buf_string(&out), forms[i].text);
    }
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_quoted_where_they_must_be),
        cmocka_unit_test(formulas_are_guarded),
        cmocka_unit_test(every_format_has_its_form),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
