/* Folding: what is alike, what is not, and that all short cuts lead to the form of the plainest way. */
#include "test.h"

#include <stdio.h>

#include "base/fold.h"
#include "fold-plain.h"

static struct arena arena;
static unsigned seed = 1;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char *folded(const char *text)
{
    return fold_text(&arena, text_from_cstr(text)).at;
}

static void letters_are_those_of_a_plain_keyboard(void **state)
{
    static const char *const forms[][2] = {
        {"Jo Nesbø", "jo nesbo"},
        {"Stanisław z ŁODZI", "stanislaw z lodzi"},
        {"Đỗ", "do"},
        {"Æsop, Œuvres, Encyclopædia", "aesop, oeuvres, encyclopaedia"},
        {"Smørrebrød ǾǿǼǽ", "smorrebrod ooaeae"},
        {"Þórr ðæt", "thorr daet"},
        {"STRASSE straße ẞ", "strasse strasse ss"},
        {"ISTANBUL İstanbul ısı", "istanbul istanbul isi"},
        {"Ħal Ŋ Ŧ ĸ ɓ", "hal n t q b"},
        {"ﬁne ﬄ ﬆ Ǆ", "fine ffl st dz"},
        {"Ｆｕｌｌ　ｗｉｄｔｈ", "full width"},
        {"o\xCC\xB8 L\xCC\xB5 u\xCC\x88", "o l u"},
        {"Ёж", "еж"},
        {"ΟΔΥΣΣΕΥΣ Ὀδυσσεύς", "οδυσσευσ οδυσσευσ"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        assert_string_equal(folded(forms[i][0]), forms[i][1]);
}

static void kana_are_hiragana(void **state)
{
    (void)state;
    assert_string_equal(folded("カタカナ"), "かたかな");
    assert_string_equal(folded("ｶﾀｶﾅ"), "かたかな");
    assert_string_equal(folded("ガギグ ｶﾞｷﾞｸﾞ がぎぐ"), "かきく かきく かきく");
    assert_string_equal(folded("ハリー・ポッター"), folded("はりーぽったー"));
    assert_string_equal(folded("㌔ ㋐"), "きろ あ");
    assert_string_equal(folded("吾輩は猫である。"), folded("吾輩は猫である"));
}

static void marks_are_of_one_kind(void **state)
{
    (void)state;
    assert_string_equal(folded("a - b – c — d ― e − f ‐ g"), "a - b - c - d - e - f - g");
    assert_string_equal(folded("“a” „a‟ «a» 「a」 ″"), "\"a\" \"a\" \"a\" \"a\" \"");
    assert_string_equal(folded("‘ ’ ‚ ‛ ‹ › ′ ` ´"), "' ' ' ' ' ' ' ` '");
    assert_string_equal(folded("a\xC2\xA0\xE2\x80\x83\xE3\x80\x80\xE2\x80\xA8z"), "a    z");
    assert_string_equal(folded("¿a? ¡b!"), "?a? !b!");
    assert_string_equal(folded("co\xC2\xADop \xE2\x80\x8Bx\xEF\xBB\xBF"), "coop x");
    assert_string_equal(folded("© € × → ♥"), "© € × → ♥");
}

static void punctuation_at_the_start_does_not_sort(void **state)
{
    static const char *const keys[][2] = {
        {"«hunger»", "hunger»"}, {"\"(a) b", "a) b"}, {"¿que", "que"}, {"... 1", "1"},
        {"...", "..."},          {"$100", "$100"},    {"", ""},        {"日本", "日本"}};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct text key = fold_sort_key(text_from_cstr(keys[i][0]));

        assert_true(text_equal_string(key, keys[i][1]));
    }
    assert_true(fold_compare(text_from_cstr("«b"), text_from_cstr("a")) > 0);
    assert_true(fold_compare(text_from_cstr("«b"), text_from_cstr("b")) != 0);
}

static void joints_of_words_do_not_matter(void **state)
{
    static const char *const forms[][2] = {
        {"J.K. Rawlins", "jk rawlins"},
        {"978-0-14-102616-9: a number", "9780141026169: a number"},
        {"Spider-Man", "spiderman"},
        {"O'Hara O’Hara OʼHara O´Hara", "ohara ohara ohara ohara"},
        {"Qurʾān, ʿAbd, col·lecció", "quran, abd, colleccio"},
        {"rock 'n' roll", "rock n roll"},
        {".NET, wait... what", "net, wait what"},
        {"a--b A.-B", "ab ab"},
        {"a - b", "a - b"},
        {"- a -", "- a -"},
        {"... --", "... --"},
        {"(-) +-", "(-) +-"},
        {"é-é 日-本 Ⅳ.", "ee 日本 iv"},
        {"\xE1\x84\x80-\xE1\x85\xA1", "\xE1\x84\x80-\xE1\x85\xA1"},
        {"가-\xE1\x86\xA8", "가-\xE1\x86\xA8"},
        {"가-각", "가각"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        assert_string_equal(folded(forms[i][0]), forms[i][1]);
}

static void characters_fold_without_their_neighbours(void **state)
{
    struct buf out = {0};
    size_t kept[32];

    (void)state;
    fold_characters(&out, text_from_cstr("2019-05-ÆÉ."));
    assert_string_equal(out.at, "2019-05-aee.");
    assert_int_equal(fold_join(out.at, out.len, kept), 9);
    assert_memory_equal(out.at, "201905aee", 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(kept[i], i < 4 ? i : i < 6 ? i + 1 : i + 2);
    buf_free(&out);
}

static void invalid_bytes_are_replaced(void **state)
{
    static const char *const texts[] = {"a\xFF"
                                        "b",
                                        "\xC3",
                                        "\xC0\x80",
                                        "\xE0\x80\x80",
                                        "\xED\xA0\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xE3\x82",
                                        "\xE3\x82"
                                        "aaaa-b",
                                        "ø\x80"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_non_null(strstr(folded(texts[i]), "\xEF\xBF\xBD"));
    assert_string_equal(folded("Ø.B\x80-c"), "ob\xEF\xBF\xBD"
                                             "c");
}

/* The form is that of the plainest way, and final. */
static void check(struct text text)
{
    struct arena mine = {0};
    const struct text once = fold_text(&mine, text), twice = fold_text(&mine, once);
    char *plain = fold_plainly(text, false);

    if (!text_equal_string(once, plain) || !text_equal(once, twice))
        fail_msg("[%.*s] is [%s], then [%s], and [%s] plainly", (int)text.len, text.at, once.at, twice.at, plain);
    free(plain);
    arena_free(&mine);
}

/* Returns the next assigned character that has a rule of its own: ideographs and syllables are only sampled. */
static utf8proc_int32_t next_assigned(utf8proc_int32_t c)
{
    do {
        const bool is_one_of_many =
            (c >= 0x3400 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7A4) || (c >= 0xE000 && c < 0xF900) || c >= 0x20000;

        c += is_one_of_many ? 37 : 1;
    } while (c <= 0x10FFFF &&
             (utf8proc_category(c) == UTF8PROC_CATEGORY_CN || utf8proc_category(c) == UTF8PROC_CATEGORY_CS));
    return c;
}

static void each_character_folds_once_and_for_all(void **state)
{
    /* Joints, a blank, letters, marks that may compose, jamo, something invisible. */
    static const char *const neighbours[] = {".",
                                             "-",
                                             "–",
                                             " ",
                                             "k",
                                             "1",
                                             "가",
                                             "\xCC\x81",
                                             "\xE0\xA4\xBE",
                                             "\xC2\xAD",
                                             "\xE1\x84\x80",
                                             "\xE1\x85\xA1",
                                             "\xE1\x86\xA8"};
    struct buf text = {0};
    unsigned count = 0;

    (void)state;
    for (utf8proc_int32_t c = 1; c <= 0x10FFFF; c = next_assigned(c), count++) {
        char character[5] = {0};

        utf8proc_encode_char(c, (utf8proc_uint8_t *)character);
        buf_clear(&text);
        for (size_t i = 0; i < sizeof neighbours / sizeof *neighbours; i++)
            buf_add_format(&text, "a%s%sb%s%s", character, neighbours[i], neighbours[i], character);
        check((struct text){text.at, text.len});
    }
    buf_free(&text);
    assert_true(count > 40000);
}

static void short_cuts_end_where_they_should(void **state)
{
    static const char *const pieces[] = {"A", "z", "Z", "@", "[", "{",  "`",  "0",       " ",
                                         ".", "-", "'", "é", "ß", "カ", "語", "\xCC\x81"};
    enum { PIECES = sizeof pieces / sizeof *pieces, ASCII = 12 };
    char text[4 * 2100 + 1];

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        const unsigned length = i % 2000 == 0 ? 2000 + i / 2000 : i % 40, kinds = i % 3 == 0 ? PIECES : ASCII;

        text[0] = '\0';
        for (unsigned j = 0, len = 0; j < length; j++)
            len += (unsigned)sprintf(text + len, "%s", pieces[(unsigned)rand_r(&seed) % kinds]);
        check(text_from_cstr(text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_those_of_a_plain_keyboard),
        cmocka_unit_test(kana_are_hiragana),
        cmocka_unit_test(marks_are_of_one_kind),
        cmocka_unit_test(joints_of_words_do_not_matter),
        cmocka_unit_test(punctuation_at_the_start_does_not_sort),
        cmocka_unit_test(characters_fold_without_their_neighbours),
        cmocka_unit_test(invalid_bytes_are_replaced),
        cmocka_unit_test(each_character_folds_once_and_for_all),
        cmocka_unit_test(short_cuts_end_where_they_should),
    };

    return cmocka_run_group_tests_name("fold", tests, NULL, forget_arena);
}
