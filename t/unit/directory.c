#include "cache/directory.h"

#include "test.h"

static struct arena arena;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Makes a directory of three segments with 3, 1 and 4 books. */
static struct directory three_segments(void)
{
    struct directory directory = {0};

    directory_start(&directory, text_from_cstr("g"), 7);
    assert_true(directory_add(&directory, text_from_cstr("1\t3\tA")));
    assert_true(directory_add(&directory, text_from_cstr("5\t1\tB\\t")));
    assert_true(directory_add(&directory, text_from_cstr("2\t4\t")));
    return directory;
}

static void finds_runs_across_segments(void **state)
{
    struct directory directory = three_segments();
    struct directory_run *runs;

    (void)state;
    assert_int_equal(directory.books, 8);
    assert_int_equal(directory_find(&directory, 2, 3, &arena, &runs), 3);
    assert_int_equal(runs[0].segment, 1);
    assert_int_equal(runs[0].first, 2);
    assert_int_equal(runs[0].count, 1);
    assert_int_equal(runs[1].segment, 5);
    assert_int_equal(runs[1].count, 1);
    assert_int_equal(runs[2].segment, 2);
    assert_int_equal(runs[2].first, 0);
    assert_int_equal(runs[2].count, 1);
    assert_int_equal(directory_find(&directory, 3, 100, &arena, &runs), 2);
    assert_int_equal(directory_find(&directory, 8, 1, &arena, &runs), 0);
    assert_int_equal(directory_find(&directory, 1000, 100, &arena, &runs), 0);
    assert_int_equal(directory_find(&directory, 0, 3, &arena, &runs), 1);
    directory_free(&directory);
}

static void every_place_is_in_one_run(void **state)
{
    struct directory directory = three_segments();
    struct directory_run *runs;

    (void)state;
    for (uint64_t offset = 0; offset <= 9; offset++) {
        for (uint64_t limit = 0; limit <= 9; limit++) {
            const uint64_t rest = offset < 8 ? 8 - offset : 0;
            uint64_t found = 0;
            const size_t count = directory_find(&directory, offset, limit, &arena, &runs);

            for (size_t i = 0; i < count; i++)
                found += runs[i].count;
            assert_int_equal(found, rest < limit ? rest : limit);
        }
    }
    directory_free(&directory);
}

static void follows_the_log(void **state)
{
    struct directory directory = three_segments();

    (void)state;
    assert_true(directory_adjust(&directory, text_from_cstr("1\t+1")));
    assert_int_equal(directory.segments[1].count, 2);
    assert_true(directory_adjust(&directory, text_from_cstr("0\t-1")));
    assert_int_equal(directory.segments[0].count, 2);
    assert_int_equal(directory.books, 8);
    assert_int_equal(directory.version, 9);
    directory_free(&directory);
}

static void refuses_what_makes_no_sense(void **state)
{
    static const char *const no_log[] = {"reload", "", "3\t+1", "1\t-2", "1\t", "x\t+1", "1\t+x", "1"};
    static const char *const no_entries[] = {"", "1", "x\t1\tA", "1\tx\tA", "99999999999999999999\t1\tA"};
    struct directory directory = three_segments();

    (void)state;
    for (size_t i = 0; i < sizeof no_log / sizeof *no_log; i++)
        assert_false(directory_adjust(&directory, text_from_cstr(no_log[i])));
    for (size_t i = 0; i < sizeof no_entries / sizeof *no_entries; i++)
        assert_false(directory_add(&directory, text_from_cstr(no_entries[i])));
    assert_int_equal(directory.books, 8);
    assert_int_equal(directory.version, 7);
    directory_free(&directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_runs_across_segments),
        cmocka_unit_test(every_place_is_in_one_run),
        cmocka_unit_test(follows_the_log),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };

    return cmocka_run_group_tests_name("directory", tests, NULL, forget_arena);
}
