/* Sets of rows against arrays with a flag for each row: random ones, sparse and dense, and all that is done with them.
 */
#include "test.h"

#include <stdlib.h>

#include "index/row_set.h"

enum { ROWS_MOST = 9 * ROW_SET_CHUNK + 70, SETS = 3 };

static unsigned seed;

static unsigned any(unsigned below)
{
    return (unsigned)rand_r(&seed) % below;
}

static struct arena arena;
static uint32_t rows;
static struct row_set sets[SETS];
static bool plain[SETS][ROWS_MOST];

static void compare(int which)
{
    const struct row_set *set = &sets[which];
    struct row_set_reader reader = {.set = set};
    uint32_t count = 0, row;

    for (uint32_t i = 0; i < rows; i++) {
        assert_int_equal(row_set_has(set, i), plain[which][i]);
        assert_int_equal(row_set_word(set, i / 64) >> i % 64 & 1, plain[which][i]);
        if (!plain[which][i])
            continue;
        count++;
        assert_true(row_set_next(&reader, &row));
        assert_int_equal(row, i);
    }
    assert_false(row_set_next(&reader, &row));
    assert_int_equal(row_set_count(set), count);
}

/* Adds rows next to each other, or all over the set; one by one, or at once. */
static void add_some(int which)
{
    const unsigned count = any(3) == 0 ? any(2000) : any(20), from = any(rows), span = any(2) == 0 ? 64 : rows;
    uint32_t *list = arena_alloc(&arena, (count + 1) * sizeof *list);

    for (unsigned i = 0; i < count; i++) {
        list[i] = (from + any(span)) % rows;
        plain[which][list[i]] = true;
    }
    if (any(2) == 0)
        row_set_expect(&sets[which], count);
    if (any(2) == 0)
        row_set_add_all(&sets[which], list, count);
    else
        for (unsigned i = 0; i < count; i++)
            row_set_add(&sets[which], list[i]);
}

static void remove_some(int which)
{
    for (unsigned i = any(50); i > 0; i--) {
        const uint32_t row = any(rows);

        row_set_remove(&sets[which], row);
        plain[which][row] = false;
    }
}

static void add_bits(int which)
{
    uint64_t *bits = bits_new(&arena, rows);

    for (unsigned i = any(100); i > 0; i--) {
        const uint32_t row = any(rows);

        bits_set(bits, row);
        plain[which][row] = true;
    }
    row_set_add_bits(&sets[which], bits);
}

static void set_all(int which, bool to)
{
    (to ? row_set_fill : row_set_clear)(&sets[which]);
    for (uint32_t i = 0; i < rows; i++)
        plain[which][i] = to;
}

/* Combines two sets, which may be one and the same. */
static void combine(int a, int b)
{
    switch (any(3)) {
    case 0:
        row_set_keep(&sets[a], &sets[b]);
        for (uint32_t i = 0; i < rows; i++)
            plain[a][i] = plain[a][i] && plain[b][i];
        break;
    case 1:
        row_set_exclude(&sets[a], &sets[b]);
        for (uint32_t i = 0; i < rows; i++)
            plain[a][i] = plain[a][i] && !plain[b][i];
        break;
    default:
        if (a != b)
            row_set_copy(&sets[a], &sets[b]);
        for (uint32_t i = 0; i < rows; i++)
            plain[a][i] = plain[b][i];
    }
}

/* New sets lie where others lay: what they do not use is full of garbage. */
static void begin(uint32_t count)
{
    arena_clear(&arena);
    memset(arena_alloc(&arena, 60000), 0xA5, 60000);
    arena_clear(&arena);
    rows = count;
    for (int i = 0; i < SETS; i++) {
        sets[i] = row_set_new(&arena, rows);
        for (uint32_t j = 0; j < rows; j++)
            plain[i][j] = false;
        compare(i);
    }
}

static void contains_what_was_added(void **state)
{
    static const uint32_t counts[] = {
        1, 63, 64, 65, ROW_SET_CHUNK - 1, ROW_SET_CHUNK, ROW_SET_CHUNK + 1, 3 * ROW_SET_CHUNK, ROWS_MOST};

    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        begin(counts[c]);
        for (int i = 0; i < 300; i++) {
            const int which = (int)any(SETS);

            switch (any(8)) {
            case 0:
                set_all(which, any(2) == 0);
                break;
            case 1:
                add_bits(which);
                break;
            case 2:
                remove_some(which);
                break;
            case 3:
            case 4:
                combine(which, (int)any(SETS));
                break;
            default:
                add_some(which);
            }
            compare(which);
        }
    }
    arena_clear(&arena);
}

/* A row may be removed when it has been read. */
static void may_lose_rows_while_it_is_read(void **state)
{
    struct row_set_reader reader = {.set = &sets[0]};
    uint32_t read = 0, row;

    (void)state;
    begin(ROWS_MOST);
    set_all(0, true);
    while (row_set_next(&reader, &row)) {
        assert_int_equal(row, read++);
        if (row % 3 != 0) {
            row_set_remove(&sets[0], row);
            plain[0][row] = false;
        }
    }
    assert_int_equal(read, ROWS_MOST);
    compare(0);
}

static void of_no_rows_is_empty(void **state)
{
    struct row_set set = row_set_new(&arena, 0);
    struct row_set_reader reader = {.set = &set};
    uint32_t row;

    (void)state;
    row_set_fill(&set);
    assert_int_equal(row_set_count(&set), 0);
    assert_false(row_set_next(&reader, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contains_what_was_added),
        cmocka_unit_test(may_lose_rows_while_it_is_read),
        cmocka_unit_test(of_no_rows_is_empty),
    };

    seed = number_from("SEED", 20261127);
    print_message("# SEED=%u\n", seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
