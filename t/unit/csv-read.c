#include "files/csv_read.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test.h"

/* Writes a line as "NUMBER|field|field;", a fault as "NUMBER!;". */
static void note(void *context, const struct csv_line *line)
{
    struct buf *notes = context;

    buf_add_format(notes, "%llu", (unsigned long long)line->number);
    if (line->fault != NULL)
        buf_add_char(notes, '!');
    for (size_t i = 0; i < line->count; i++) {
        buf_add_char(notes, '|');
        buf_add(notes, line->fields[i].at, line->fields[i].len);
    }
    buf_add_char(notes, ';');
}

/* Returns whether len bytes, fed in pieces of this size, are read so. */
static bool is_read(enum csv_dialect dialect, char delimiter, const char *bytes, size_t len, size_t piece,
                    struct text expected)
{
    struct buf notes = {0};
    struct csv *csv = csv_new(dialect, delimiter, note, &notes);
    bool is_same;

    for (size_t i = 0; i < len; i += piece) {
        const size_t size = len - i < piece ? len - i : piece;
        char *copy = malloc(size); /* so that a sanitizer sees who reads beyond it */

        memcpy(copy, bytes + i, size);
        csv_feed(csv, copy, size);
        free(copy);
    }
    csv_end(csv);
    is_same = text_equal(expected, (struct text){buf_string(&notes), notes.len});
    if (!is_same)
        print_error("in pieces of %zu: %s\n", piece, buf_string(&notes));
    csv_free(csv);
    buf_free(&notes);
    return is_same;
}

static bool reads(enum csv_dialect dialect, char delimiter, const char *text, const char *expected)
{
    const size_t len = strlen(text);

    for (size_t piece = 1; piece <= len + 1; piece++)
        if (!is_read(dialect, delimiter, text, len, piece, text_from_cstr(expected)))
            return false;
    return true;
}

static void lines_and_fields(void **state)
{
    (void)state;
    assert_true(reads(CSV_QUOTED, ',', "a,b\nc,d\n", "1|a|b;2|c|d;"));
    assert_true(reads(CSV_QUOTED, ',', "a,b\r\nc,d", "1|a|b;2|c|d;"));
    assert_true(reads(CSV_QUOTED, ',', "a\rb\r\r\nc\n\rd", "1|a;2|b;4|c;6|d;"));
    assert_true(reads(CSV_QUOTED, ',', "\n\na\n\n", "3|a;"));
    assert_true(reads(CSV_QUOTED, ',', "", ""));
    assert_true(reads(CSV_QUOTED, ',', ",\n,,", "1||;2|||;"));
    assert_true(reads(CSV_QUOTED, ';', "a,b;c\td", "1|a,b|c\td;"));
    assert_true(reads(CSV_QUOTED, ',', " a , b ", "1| a | b ;"));
}

static void quotes(void **state)
{
    (void)state;
    assert_true(reads(CSV_QUOTED, ',', "\"a,b\",\"c\"\"d\"\n", "1|a,b|c\"d;"));
    assert_true(reads(CSV_QUOTED, ',', "\"a\nb\r\nc\",d\ne", "1|a\nb\r\nc|d;4|e;"));
    assert_true(reads(CSV_QUOTED, ',', "\"\",\"\"\"\"", "1||\";"));
    assert_true(reads(CSV_QUOTED, ',', "\"\"", "1|;"));
    assert_true(reads(CSV_QUOTED, ',', "a\"b\",c", "1|a\"b\"|c;"));
    assert_true(reads(CSV_QUOTED, ',', "\"a\"b,c\nd", "1!;2|d;"));
    assert_true(reads(CSV_QUOTED, ',', "a\n\"b\nc", "1|a;2!;"));
}

static void escapes(void **state)
{
    (void)state;
    assert_true(reads(CSV_ESCAPED, 0, "a\tb\\tc\\nd\\\\e\\r\t\\N\n", "1|a|b\tc\nd\\e\r|;"));
    assert_true(reads(CSV_ESCAPED, 0, "\"a\t\\\"b\\x", "1|\"a|\"bx;"));
    assert_true(reads(CSV_ESCAPED, 0, "\\N\n\\N\t\n", "1|;2||;"));
    assert_true(reads(CSV_ESCAPED, 0, "a\\\nb", "1!;2|b;"));
    for (size_t piece = 1; piece < 5; piece++)
        assert_true(is_read(CSV_ESCAPED, 0, "a\\0b", 4, piece, (struct text){"1|a\0b;", 6}));
}

static void whole_lines(void **state)
{
    (void)state;
    assert_true(reads(CSV_LINES, 0, "{\"a\": \"b\\\",\t\"}\r\n\n{}", "1|{\"a\": \"b\\\",\t\"};3|{};"));
}

static void the_mark_is_passed_over(void **state)
{
    (void)state;
    assert_true(reads(CSV_QUOTED, ',', "\xEF\xBB\xBF\"a\",b", "1|a|b;"));
    assert_true(reads(CSV_QUOTED, 0,
                      "\xEF\xBB\xBF"
                      "a;b",
                      "1|a|b;"));
    assert_true(reads(CSV_QUOTED, ',',
                      "\xEF\xBB"
                      "a\xEF\xBB\xBF",
                      "1|\xEF\xBB"
                      "a\xEF\xBB\xBF;"));
}

static void delimiters_are_found(void **state)
{
    (void)state;
    assert_true(reads(CSV_QUOTED, 0, "a,b\nc;d;e;f", "1|a|b;2|c;d;e;f;"));
    assert_true(reads(CSV_QUOTED, 0, "a;b\nc,d;e", "1|a|b;2|c,d|e;"));
    assert_true(reads(CSV_QUOTED, 0, "a\tb\nc", "1|a|b;2|c;"));
    assert_true(reads(CSV_QUOTED, 0, "\"a;;;\",b", "1|a;;;|b;"));
    assert_true(reads(CSV_QUOTED, 0, "a", "1|a;"));
}

/* A line of this many bytes after a good one, and another good one behind it. */
static bool reads_long(const char *begin, size_t len, const char *expected)
{
    struct buf text = {0};
    bool is_same = true;

    buf_add_format(&text, "a\n%s", begin);
    while (text.len < 2 + len)
        buf_add_char(&text, 'x');
    buf_add_string(&text, "\nb\n");
    for (size_t piece = 1; piece < 100000 && is_same; piece = piece * 7 + 1)
        is_same = is_read(CSV_QUOTED, ',', text.at, text.len, piece, text_from_cstr(expected));
    buf_free(&text);
    return is_same;
}

static void lengths_are_bounded(void **state)
{
    struct buf fields = {0};

    (void)state;
    assert_true(reads_long("", CSV_LINE_BYTES + 1, "1|a;2!;3|b;"));
    assert_true(reads_long("\"", 3 * CSV_LINE_BYTES, "1|a;2!;3|b;"));
    for (int i = 0; i < CSV_FIELDS; i++)
        buf_add_char(&fields, ',');
    buf_add_string(&fields, "\nb");
    assert_true(is_read(CSV_QUOTED, ',', fields.at, fields.len, 7, text_from_cstr("1!;2|b;")));
    buf_free(&fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_fields),
        cmocka_unit_test(quotes),
        cmocka_unit_test(escapes),
        cmocka_unit_test(whole_lines),
        cmocka_unit_test(the_mark_is_passed_over),
        cmocka_unit_test(delimiters_are_found),
        cmocka_unit_test(lengths_are_bounded),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
