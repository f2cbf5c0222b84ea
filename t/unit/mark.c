/* What a search has found is marked in the text as it stands. */
#include <stdio.h>

#include "base/fold.h"
#include "test.h"
#include "view/mark.h"

static struct arena arena;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Returns value with brackets around what a search marks in it. */
static const char *marked(const char *search, enum book_field field, const char *value)
{
    const struct mark *all;
    struct query query = {0};
    size_t count;
    const char *rest = value;
    char *text = arena_alloc(&arena, 3 * strlen(value) + 1), *at = text;

    assert_true(query_set_search(&query, text_from_cstr(search), &arena));
    count = marks_find(marks_new(&arena, &query), field, text_from_cstr(value), &all);
    for (size_t i = 0; i < count; i++) {
        const char *begin = value + all[i].at;

        assert_true(i == 0 ? begin >= rest : begin > rest); /* in order, and none touches another */
        at += sprintf(at, "%.*s[%.*s]", (int)(begin - rest), rest, (int)all[i].len, begin);
        rest = begin + all[i].len;
    }
    strcpy(at, rest);
    return text;
}

static const char *title(const char *search, const char *value)
{
    return marked(search, BOOK_TITLE, value);
}

static void words_are_marked_wherever_they_stand(void **state)
{
    (void)state;
    assert_string_equal(title("an", "Banana"), "B[anan]a");
    assert_string_equal(title("an ban", "Banana and a can"), "[Banan]a [an]d a c[an]");
    assert_string_equal(title("aa", "aaaa b"), "[aaaa] b");
    assert_string_equal(title("\"a b\"", "a ba a"), "[a b]a a");
    assert_string_equal(title("xyz", "Banana"), "Banana");
    assert_string_equal(title("a", ""), "");
    assert_string_equal(title("", "Banana"), "Banana");
    assert_string_equal(title("\"\"", "Banana"), "Banana");
}

static void case_and_accents_do_not_matter(void **state)
{
    (void)state;
    assert_string_equal(title("ANGSTROM", "Ångström"), "[Ångström]");
    assert_string_equal(title("ete", "un été"), "un [été]");
    assert_string_equal(title("ete", "un e\xCC\x81te\xCC\x81."), "un [e\xCC\x81te\xCC\x81].");
    assert_string_equal(title("é", "E e\xCC\x81 é"), "[E] [e\xCC\x81] [é]");
    assert_string_equal(title("strasse", "Straße 1"), "[Straße] 1");
    assert_string_equal(title("s", "Straße"), "[S]tra[ß]e");
    assert_string_equal(title("f", "ﬁn"), "[ﬁ]n");
    assert_string_equal(title("толстой", "Лев ТОЛСТОЙ"), "Лев [ТОЛСТОЙ]");
    assert_string_equal(title("氏物", "源氏物語 📚"), "源[氏物]語 📚");
    assert_string_equal(title("📚", "源氏物語 📚"), "源氏物語 [📚]");
    assert_string_equal(title("가나", "x \xE1\x84\x80\xE1\x85\xA1\xE1\x84\x82\xE1\x85\xA1"),
                        "x [\xE1\x84\x80\xE1\x85\xA1\xE1\x84\x82\xE1\x85\xA1]");
    assert_string_equal(title("o'brien - x", "O’Brien – x"), "[O’Brien] [–] [x]");
    assert_string_equal(title("sof", "so\xC2\xAD"
                                     "f"),
                        "[so\xC2\xAD"
                        "f]");
    assert_string_equal(title("ab", "\xFF"
                                    "ab"),
                        "\xFF[ab]");
}

static void joints_are_marked_with_what_they_join(void **state)
{
    (void)state;
    assert_string_equal(title("jk", "J.K. Rawlins"), "[J.K]. Rawlins");
    assert_string_equal(title("J.K.", "JK Rawlins"), "[JK] Rawlins");
    assert_string_equal(title("k raw", "J.K. Rawlins"), "J.[K]. [Raw]lins");
    assert_string_equal(title("\"k. raw\"", "J.K. Rawlins"), "J.[K. Raw]lins");
    assert_string_equal(title("man's", "The Spider-Man’s Æsop"), "The Spider-[Man’s] Æsop");
    assert_string_equal(title("dermans-aes", "The Spider-Man’s"), "The Spider-Man’s");
    assert_string_equal(title("9780141", "978-0-14-102616-9"), "[978-0-14-1]02616-9");
    assert_string_equal(title("\"a - b\"", "A – B a-b"), "[A – B] a-b");
    assert_string_equal(title("ohara", "O'Hara, O’Hara & OHara"), "[O'Hara], [O’Hara] & [OHara]");
    assert_string_equal(title("sop e", "Æsop"), "[Æsop]");
    assert_string_equal(title("たか", "カタカナ"), "カ[タカ]ナ");
    assert_string_equal(title("smorre", "Smørrebrød"), "[Smørre]brød");
    assert_string_equal(title("kiro", "㌔"), "㌔");
    assert_string_equal(title("ろ", "㌔キロ"), "[㌔]キ[ロ]");
}

static void a_field_of_its_own_is_marked_alone(void **state)
{
    (void)state;
    assert_string_equal(title("author:an", "Banana"), "Banana");
    assert_string_equal(marked("author:an", BOOK_AUTHORS, "Anna"), "[An]na");
    assert_string_equal(title("title:an ba", "Banana"), "[Banan]a");
    assert_string_equal(title("-an ba", "Banana"), "[Ba]nana");
    assert_string_equal(marked("2020", BOOK_AVAILABLE_FROM, "2020-02-20"), "2020-02-20");
    assert_string_equal(marked("date:0-0", BOOK_AVAILABLE_FROM, "2020-02-20"), "202[0-0]2-20");
    assert_string_equal(marked("date:200", BOOK_AVAILABLE_FROM, "2020-02-20"), "2020-02-20");
    assert_string_equal(marked("date:02", BOOK_AVAILABLE_FROM, "2020-02-20"), "2[02]0-[02]-20");
}

static void an_id_is_marked_at_its_start(void **state)
{
    (void)state;
    assert_string_equal(marked("A1", BOOK_ID, "A1"), "[A1]");
    assert_string_equal(marked("a1", BOOK_ID, "A1"), "[A1]");
    assert_string_equal(marked("a", BOOK_ID, "A1-A1"), "[A]1-A1");
    assert_string_equal(marked("a1a", BOOK_ID, "A1-A1"), "[A1-A]1");
    assert_string_equal(marked("id:\"A\"", BOOK_ID, "A1"), "A1");
    assert_string_equal(marked("x A1", BOOK_ID, "A1"), "[A1]");
    assert_string_equal(marked("id:A1", BOOK_ID, "A1"), "[A1]");
    assert_string_equal(marked("title:A1", BOOK_ID, "A1"), "A1");
    assert_string_equal(marked("-A1", BOOK_ID, "-A1"), "[-A1]");
    assert_string_equal(marked("two words", BOOK_ID, "two words"), "[two words]");
}

/* What marks_find rests upon. */
static void folding_by_characters_is_folding(void **state)
{
    static const char *const texts[] = {"Ångström e\xCC\x81",
                                        "ﷺ ﬀ Ǆ ǆ ŉ İ ı",
                                        "ΑΣ ας ΐ",
                                        "각ᄀ\xE1\x85\xA1\xE1\x86\xA8",
                                        "नमस्ते क्षत्रिय",
                                        "ไทย ำ",
                                        "👩‍👩‍👧 🇩🇪🇫🇷",
                                        "①½ ㎏ ㌀",
                                        "á̧̂ ̈x",
                                        "שָׁלוֹם ﬡ",
                                        "zalg̡̗͎͖̓̔́o",
                                        "Jo Nesbø – ‘Œuvres’ カタカナ, J.K"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct text folded = fold_text(&arena, text_from_cstr(texts[i]));
        const char *search = arena_format(&arena, "\"%s\"", folded.at);

        assert_string_equal(title(search, texts[i]), arena_format(&arena, "[%s]", texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_marked_wherever_they_stand), cmocka_unit_test(joints_are_marked_with_what_they_join),
        cmocka_unit_test(case_and_accents_do_not_matter),       cmocka_unit_test(a_field_of_its_own_is_marked_alone),
        cmocka_unit_test(an_id_is_marked_at_its_start),         cmocka_unit_test(folding_by_characters_is_folding),
    };

    return cmocka_run_group_tests_name("mark", tests, NULL, forget_arena);
}
