/* Words that are spelled nearly alike: the index against a look at every word. */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "book/query.h"
#include "index/index_build.h"
#include "index/index_near.h"
#include "index/index_parts.h"

enum { BOOKS = 3000, TYPOS = 2000, LONGEST = 10 };

static char folder[] = "/tmp/bookshare-near-XXXXXX", *path;
static char titles[BOOKS][LONGEST + 2];
static struct arena arena;
static unsigned seed = 1;

static unsigned any(unsigned below)
{
    return (unsigned)rand_r(&seed) % below;
}

static char any_letter(void)
{
    return "aabcdeefghiijklmnoopqrsstuvwxyz"[any(31)];
}

static struct index *make_index(void)
{
    struct err err;
    struct index_build *build = index_build_new(folder, &err);
    struct index *index = index_new(path);

    assert_non_null(build);
    for (unsigned i = 0; i < BOOKS; i++) {
        struct book book = {.field[BOOK_ID] = text_from_cstr(arena_format(&arena, "%05u", i))};
        const unsigned length = 5 + any(LONGEST - 5);

        for (unsigned j = 0; j < length; j++)
            titles[i][j] = any_letter();
        book.field[BOOK_TITLE] = text_from_cstr(titles[i]);
        assert_int_equal(index_build_add(build, &book, &err), ERR_OK);
    }
    assert_int_equal(index_build_finish(build, (struct version){1, 1, 1}, path, &err), ERR_OK);
    index_build_free(build);
    assert_true(index_refresh(index));
    return index;
}

/* The distance, straight from its definition. */
static unsigned plain_distance(const char *a, size_t i, const char *b, size_t j)
{
    static unsigned matrix[LONGEST + 3][LONGEST + 3];

    for (size_t y = 0; y <= i; y++)
        for (size_t x = 0; x <= j; x++) {
            unsigned least = (unsigned)(y + x);

            if (y > 0 && x > 0) {
                const unsigned replaced = matrix[y - 1][x - 1] + (a[y - 1] != b[x - 1]);
                const unsigned left_out =
                    1 + (matrix[y - 1][x] < matrix[y][x - 1] ? matrix[y - 1][x] : matrix[y][x - 1]);

                least = replaced < left_out ? replaced : left_out;
                if (y > 1 && x > 1 && a[y - 1] == b[x - 2] && a[y - 2] == b[x - 1] && matrix[y - 2][x - 2] + 1 < least)
                    least = matrix[y - 2][x - 2] + 1;
            }
            matrix[y][x] = least;
        }
    return matrix[i][j];
}

/* Makes one mistake in a word: a character too many, one too few, another one, or two swapped. */
static void mistype(const char *word, char *typed)
{
    const size_t length = strlen(word), at = any((unsigned)length - 1);

    strcpy(typed, word);
    switch (any(4)) {
    case 0:
        memmove(typed + at + 1, word + at, length - at + 1);
        typed[at] = any_letter();
        break;
    case 1:
        memmove(typed + at, word + at + 1, length - at);
        break;
    case 2:
        typed[at] = any_letter();
        break;
    default:
        typed[at] = word[at + 1];
        typed[at + 1] = word[at];
    }
}

static void finds_the_word_that_was_meant(void **state)
{
    struct index *index = make_index();
    const struct index_words *words = &index->file.column[BOOK_TITLE].words;

    (void)state;
    for (unsigned i = 0; i < TYPOS; i++) {
        const char *meant = titles[any(BOOKS)];
        struct arena mine = {0};
        char typed[LONGEST + 3];
        struct near near;

        mistype(meant, typed);
        near_begin(&near, text_from_cstr(typed));
        near_look_up(&near, words, &mine);
        for (size_t n = 0; n < near.count; n++) {
            assert_int_equal(near.all[n].distance,
                             plain_distance(typed, strlen(typed), near.all[n].word.at, near.all[n].word.len));
            assert_true(near.all[n].distance > 0);
            assert_true(n == 0 || near.all[n].distance >= near.all[n - 1].distance);
        }
        if (strlen(typed) > 4 && plain_distance(typed, strlen(typed), meant, strlen(meant)) == 1) {
            assert_true(near.count > 0);
            assert_int_equal(near.all[0].distance, 1);
        }
        arena_free(&mine);
    }
    index_free(index);
}

static void nothing_is_near_to_a_sign_or_two_letters(void **state)
{
    static const char *const strange[] = {"", "a", "ab", "a!bcd", "01234567890123456789012345678901234567890", "\xFF"};
    struct index *index = make_index();
    struct near near;

    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        near_begin(&near, text_from_cstr(strange[i]));
        near_look_up(&near, &index->file.column[BOOK_TITLE].words, &arena);
        assert_int_equal(near.count, 0);
    }
    near_begin(&near, text_from_cstr("abcd"));
    near_consider(&near, text_from_cstr("abc!"), 1);
    assert_int_equal(near.count, 0);
    index_free(index);
}

/* Returns the suggestions for a search that finds nothing. */
static struct suggestions suggest(struct index *index, const char *search)
{
    struct query query = {.limit = 10};
    struct suggestions suggestions;

    assert_true(query_set_search(&query, text_from_cstr(search), &arena));
    index_suggest(index, &query, 0, &arena, &suggestions);
    return suggestions;
}

static void suggests_what_finds_something(void **state)
{
    struct index *index = make_index();
    const char *one = titles[0], *other = titles[1];
    struct suggestions suggestions;
    char typed[LONGEST + 3];

    (void)state;
    do
        mistype(one, typed);
    while (strlen(typed) < 6 || strcmp(typed, one) == 0);
    suggestions = suggest(index, arena_format(&arena, "title:%s", typed));
    assert_true(suggestions.count > 0);
    assert_true(text_equal_string(suggestions.all[0].search, arena_format(&arena, "title:%s", one)));
    assert_int_equal(suggestions.all[0].total, 1);
    assert_int_equal(suggest(index, arena_format(&arena, "%s %s", typed, other)).count, 0); /* no book has both */
    assert_int_equal(suggest(index, arena_format(&arena, "-%s nothingofthekind", typed)).count, 0);
    assert_int_equal(suggest(index, "\"\" -").count, 0);
    index_free(index);
}

static int prepare(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    path = arena_format(&arena, "%s/books.index", folder);
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(nothing_is_near_to_a_sign_or_two_letters),
        cmocka_unit_test(suggests_what_finds_something),
    };

    return cmocka_run_group_tests_name("near", tests, prepare, clean_up);
}
