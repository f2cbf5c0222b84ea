/* Two edits of one book brought together: every way in which a field can have been changed, or not. */
#include "book/book_merge.h"

#include "test.h"

static struct book book_of(const char *title, const char *category, const char *edition)
{
    struct book book = {0};

    book.field[BOOK_ID] = text_from_cstr("A-1");
    book.field[BOOK_TITLE] = text_from_cstr(title);
    book.field[BOOK_CATEGORY] = text_from_cstr(category);
    book.field[BOOK_EDITION] = text_from_cstr(edition);
    return book;
}

static void one_field(void **state)
{
    static const struct {
        const char *base, *mine, *theirs, *merged;
        bool collides;
    } cases[] = {
        {"a", "a", "a", "a", false}, /* nobody */
        {"a", "b", "a", "b", false}, /* I alone */
        {"a", "a", "b", "b", false}, /* they alone */
        {"a", "b", "b", "b", false}, /* both alike */
        {"a", "b", "c", "b", true},  /* both */
        {"a", "", "a", "", false},   /* I emptied it */
        {"a", "a", "", "", false},   /* they did */
        {"a", "", "", "", false},    /* both did */
        {"a", "", "c", "", true},    /* I emptied what they changed */
        {"a", "b", "", "b", true},   /* and the other way round */
        {"", "b", "", "b", false},   /* there was nothing */
        {"", "", "c", "c", false},      {"", "b", "c", "b", true},
        {"a", "A", "a", "A", false},                                   /* capitals are a change */
        {"a", "A", "b", "A", true},     {" a ", "a", "b", "b", false}, /* what a form does to a value is none */
        {"a b", "ab", "c", "ab", true},                                /* a blank within is one */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct book base = book_of("T", "", cases[i].base), mine = book_of("T", "", cases[i].mine),
                          theirs = book_of("T", "", cases[i].theirs);
        struct book merged;
        bool collides[BOOK_FIELDS];

        assert_int_equal(book_merge(&base, &mine, &theirs, &merged, collides), cases[i].collides ? 1 : 0);
        assert_true(text_equal_string(merged.field[BOOK_EDITION], cases[i].merged));
        assert_int_equal(collides[BOOK_EDITION], cases[i].collides);
        assert_true(text_equal_string(merged.field[BOOK_TITLE], "T"));
        assert_true(text_equal_string(merged.field[BOOK_ID], "A-1"));
    }
}

static void each_field_for_itself(void **state)
{
    const struct book base = book_of("T", "Poetry", "1st"), mine = book_of("T", "Poetry", "2nd"),
                      theirs = book_of("Theirs", "Drama", "1st");
    struct book merged;
    bool collides[BOOK_FIELDS];

    (void)state;
    assert_int_equal(book_merge(&base, &mine, &theirs, &merged, collides), 0);
    assert_true(text_equal_string(merged.field[BOOK_TITLE], "Theirs"));
    assert_true(text_equal_string(merged.field[BOOK_CATEGORY], "Drama"));
    assert_true(text_equal_string(merged.field[BOOK_EDITION], "2nd"));
    for (int i = 0; i < BOOK_FIELDS; i++)
        assert_false(collides[i]);
}

static void all_collide(void **state)
{
    struct book base, mine, theirs, merged;
    bool collides[BOOK_FIELDS];

    (void)state;
    for (int i = 0; i < BOOK_FIELDS; i++) {
        base.field[i] = text_from_cstr("base");
        mine.field[i] = text_from_cstr("mine");
        theirs.field[i] = text_from_cstr("theirs");
    }
    assert_int_equal(book_merge(&base, &mine, &theirs, &merged, collides), BOOK_FIELDS - 1);
    assert_true(text_equal_string(merged.field[BOOK_ID], "theirs"));
    assert_false(collides[BOOK_ID]);
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++)
        assert_true(collides[i] && text_equal_string(merged.field[i], "mine"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_field),
        cmocka_unit_test(each_field_for_itself),
        cmocka_unit_test(all_collide),
    };

    return cmocka_run_group_tests_name("book-merge", tests, NULL, NULL);
}
