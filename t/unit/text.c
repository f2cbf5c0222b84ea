#include "base/text.h"

#include "test.h"

static void check_counts_characters(void **state)
{
    size_t characters;

    (void)state;
    assert_int_equal(text_check(text_from_cstr(""), &characters), TEXT_FINE);
    assert_int_equal(characters, 0);
    assert_int_equal(text_check(text_from_cstr("Zoë 漢字 \xF0\x9F\x93\x9A"), &characters), TEXT_FINE);
    assert_int_equal(characters, 8);
}

static void check_refuses_bad_bytes(void **state)
{
    static const char *const bad[] = {"\xC3", "\xFF", "a\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"};
    static const char *const control[] = {"a\tb", "\x01", "\x7F", "\xC2\x85"};
    size_t characters;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(text_check(text_from_cstr(bad[i]), &characters), TEXT_NOT_UTF8);
    for (size_t i = 0; i < sizeof control / sizeof *control; i++)
        assert_int_equal(text_check(text_from_cstr(control[i]), &characters), TEXT_CONTROL_CHARACTER);
    assert_int_equal(text_check((struct text){"a\0b", 3}, &characters), TEXT_CONTROL_CHARACTER);
}

static void xml_has_only_characters_that_it_allows(void **state)
{
    static const char text[] = "a\tb\n\x01 \xEF\xBF\xBD \xEF\xBF\xBE \xEF\xBF\xBF \xC3\xA9 \xF0\x9F\x93\x9A \xFF \x7F";
    struct buf out = {0};

    (void)state;
    text_add_xml(&out, (struct text){text, sizeof text}); /* with the NUL */
    assert_string_equal(buf_string(&out), "a\tb\n\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xC3\xA9 "
                                          "\xF0\x9F\x93\x9A \xEF\xBF\xBD \x7F\xEF\xBF\xBD");
    buf_free(&out);
}

static void trim_takes_blanks_of_all_kinds(void **state)
{
    (void)state;
    assert_true(text_equal_string(text_trim(text_from_cstr(" \t\r\nab c\n ")), "ab c"));
    assert_true(text_equal_string(text_trim(text_from_cstr("\xC2\xA0\xE2\x80\x83x\xE3\x80\x80")), "x"));
    assert_true(text_equal_string(text_trim(text_from_cstr("  \xE3\x80\x80 ")), ""));
    assert_true(text_equal_string(text_trim(text_from_cstr("")), ""));
    assert_true(text_equal_string(text_trim(text_from_cstr("漢")), "漢"));
    assert_true(text_equal_string(text_trim(text_from_cstr("\x80 ")), "\x80")); /* not UTF-8, and still no harm */
}

static void percent_coding_round_trips(void **state)
{
    struct buf encoded = {0};
    struct arena arena = {0};
    char all[256];
    struct text text = {all, sizeof all}, back;

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    text_percent_encode(&encoded, text);
    back = text_percent_decode(&arena, (struct text){encoded.at, encoded.len}, true);
    assert_true(text_equal(text, back));
    buf_clear(&encoded);
    text_percent_encode(&encoded, text_from_cstr("a/b?c%d&\"<é"));
    assert_string_equal(encoded.at, "a%2Fb%3Fc%25d%26%22%3C%C3%A9");
    buf_free(&encoded);
    arena_free(&arena);
}

static void percent_decoding_leaves_what_is_no_escape(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_true(text_equal_string(text_percent_decode(&arena, text_from_cstr("100%"), true), "100%"));
    assert_true(text_equal_string(text_percent_decode(&arena, text_from_cstr("%4"), true), "%4"));
    assert_true(text_equal_string(text_percent_decode(&arena, text_from_cstr("%zz%41"), true), "%zzA"));
    assert_true(text_equal_string(text_percent_decode(&arena, text_from_cstr("a+b"), true), "a b"));
    assert_true(text_equal_string(text_percent_decode(&arena, text_from_cstr("a+b"), false), "a+b"));
    arena_free(&arena);
}

static void visible_is_what_can_be_seen(void **state)
{
    static const char *const seen[] = {
        "", "ann", "Zoë", "Zoe\xCC\x88", "漢字", "نام", "a b", "\xF0\x9F\x93\x9A", "\xE0\xA4\xB9\xE0\xA4\xBF"};
    static const char *const hidden[] = {
        "ann\xE2\x80\x8B", /* U+200B, zero-width space */
        "a\xE2\x80\x8Cnn",
        "a\xE2\x80\x8Dnn",
        "\xE2\x80\x8E"
        "ann",
        "\xE2\x80\x8F"
        "ann", /* U+200C to U+200F */
        "a\xE2\x81\xA0nn",
        "\xEF\xBB\xBF"
        "ann", /* U+2060, U+FEFF */
        "\xE2\x80\xAA"
        "ann",
        "a\xE2\x80\xAEnn",
        "a\xE2\x81\xA6nn",
        "a\xE2\x81\xA9nn",
        "a\xD8\x9Cnn", /* bidi controls */
        "a\xC2\xADnn", /* U+00AD, soft hyphen */
        "a\xE2\x80\xA8nn",
        "a\xE2\x80\xA9nn", /* U+2028, U+2029: line and paragraph separator */
        "a\tnn",
        "a\x7Fnn",
        "a\xC2\x85nn", /* Cc */
        "\xE3\x85\xA4",
        "\xEF\xBE\xA0",
        "\xE1\x85\x9F", /* fillers of Hangul, which are letters */
        "a\xEF\xB8\x8Fnn",
        "a\xCD\x8Fnn", /* variation selector, grapheme joiner */
        "\xCC\x88",
        "\xCC\x88\xCC\x81",
        "\xCC\x88"
        "ann",
        "\xE2\x83\x9D", /* combining marks alone and first */
        "ann\xFF",      /* not UTF-8 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        assert_true(text_is_visible(text_from_cstr(seen[i])));
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        assert_false(text_is_visible(text_from_cstr(hidden[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_counts_characters),
        cmocka_unit_test(check_refuses_bad_bytes),
        cmocka_unit_test(visible_is_what_can_be_seen),
        cmocka_unit_test(xml_has_only_characters_that_it_allows),
        cmocka_unit_test(trim_takes_blanks_of_all_kinds),
        cmocka_unit_test(percent_coding_round_trips),
        cmocka_unit_test(percent_decoding_leaves_what_is_no_escape),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
