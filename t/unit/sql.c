#include "store/sql.h"
#include "store/sql_parts.h"

#include "test.h"

/* Returns whether a statement's text becomes this one. */
static bool becomes(const char *text, const char *expected)
{
    const struct sql_statement statement = {text, 0};
    struct buf out = {0};
    bool is_same;

    sql_expand(&out, &statement);
    is_same = strcmp(out.at, expected) == 0;
    if (!is_same)
        print_error("%s\n", out.at);
    buf_free(&out);
    return is_same;
}

static void brackets_are_written_so_many_times(void **state)
{
    (void)state;
    assert_true(becomes("IN ([1 ?])", "IN (?)"));
    assert_true(becomes("IN ([3 ?]) AND x", "IN (?, ?, ?) AND x"));
    assert_true(becomes("VALUES [2 (?, {values})]", "VALUES (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?)"));
}

static void braces_follow_the_fields(void **state)
{
    (void)state;
    assert_true(becomes("a {columns} b", "a book_id, title, category, authors, publisher, edition, available_from b"));
    assert_true(becomes("{changes} {values}", "title = ?, category = ?, authors = ?, publisher = ?, edition = ?, "
                                              "available_from = ? ?, ?, ?, ?, ?, ?, ?"));
    assert_true(becomes("{replacements}",
                        "title = VALUES(title), category = VALUES(category), authors = VALUES(authors), "
                        "publisher = VALUES(publisher), edition = VALUES(edition), "
                        "available_from = VALUES(available_from)"));
    assert_true(becomes("no words", "no words"));
}

static void the_largest_that_fits_is_taken(void **state)
{
    const struct sql_statement sizes[] = {{"[100 ?]", 0}, {"[10 ?]", 1}, {"[1 ?]", 2}};

    (void)state;
    assert_int_equal(sql_times(&sizes[1]), 10);
    assert_ptr_equal(sql_fitting(sizes, 500), &sizes[0]);
    assert_ptr_equal(sql_fitting(sizes, 100), &sizes[0]);
    assert_ptr_equal(sql_fitting(sizes, 99), &sizes[1]);
    assert_ptr_equal(sql_fitting(sizes, 9), &sizes[2]);
    assert_ptr_equal(sql_fitting(sizes, 1), &sizes[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brackets_are_written_so_many_times),
        cmocka_unit_test(braces_follow_the_fields),
        cmocka_unit_test(the_largest_that_fits_is_taken),
    };

    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
