/* The rows that are repeated in C, held against ClearSilver's own. */
#include <stdio.h>
#include <unistd.h>

#include "test.h"
#include "view/rows.h"
#include "view/template.h"

static const char each_field[] = "<p>Before & after</p>\n<?cs each:b = Books ?><tr id=\"<?cs var:b.book_id ?>\">\n"
                                 "<td><?cs var:b.title ?></td><td><?cs var:b.category ?></td><?cs var:b.authors ?>"
                                 "<?cs var:b.publisher ?>,<?cs var:b.edition ?> - <?cs var:b.available_from ?>"
                                 "<a href=\"<?cs var:b.update ?>\"><?cs var:b.title ?></a></tr>\n<?cs /each ?><p>End\n";

static char folder[] = "/tmp/bookshare-rows-XXXXXX";
static struct templates *templates;
static struct arena arena;

/* Returns the marks of a search. */
static const struct marks *marks_of(const char *search)
{
    struct query query = {0};

    assert_true(query_set_search(&query, text_from_cstr(search), &arena));
    return marks_new(&arena, &query);
}

static void write_template(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    write_template("each.cs", each_field);
    write_template("if.cs", "<?cs each:b = Books ?><?cs if:b.title == \"x\" ?>!<?cs /if ?><?cs var:b.title ?>"
                            "<?cs if:name(b) == #0 ?>first<?cs /if ?><?cs /each ?>");
    write_template("none.cs", "<p>No rows at all");
    write_template("early.cs",
                   "<h1><?cs var:Books.1.title ?></h1><?cs each:b = Books ?><?cs var:b.title ?><?cs /each ?>");
    templates = templates_new(folder);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"each.cs", "if.cs", "none.cs", "early.cs"};
    char path[128];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    templates_free(templates);
    arena_free(&arena);
    return 0;
}

static const char *encode(struct text id)
{
    struct buf out = {0};
    char *copy;

    text_percent_encode(&out, id);
    copy = arena_format(&arena, "/update/%s?page=2&search=<", buf_string(&out));
    buf_free(&out);
    return copy;
}

/* Renders a template with count books whose values value() gives. */
static struct text render(const char *name, size_t count, const char *(*value)(size_t row, int field))
{
    struct buf out = {0};
    struct err err;
    struct text text;
    HDF *hdf = NULL;

    assert_null(hdf_init(&hdf));
    for (size_t i = 0; i < count; i++) {
        for (int field = 0; field < BOOK_FIELDS; field++)
            assert_null(
                hdf_set_value(hdf, arena_format(&arena, "Books.%zu.%s", i, book_fields[field].name), value(i, field)));
        assert_null(hdf_set_value(hdf, arena_format(&arena, "Books.%zu.update", i), value(i, ROWS_ENCODED_ID)));
    }
    assert_int_equal(templates_render(templates, name, hdf, &out, &err), ERR_OK);
    hdf_destroy(&hdf);
    text = (struct text){arena_copy(&arena, out.at, out.len), out.len};
    buf_free(&out);
    return text;
}

static const char *real_value(size_t row, int field)
{
    static const char *const values[] = {"",       "plain",      "<b>&amp;</b>", "\"quotes\" and 'more'",
                                         "漢字 é", "100% & <i>", "a/b?c&d"};

    if (field == ROWS_ENCODED_ID)
        return encode(text_from_cstr(real_value(row, BOOK_ID)));
    return field == BOOK_ID ? values[1 + row % 6] : values[(row * 5 + (size_t)field) % 7];
}

static const char *mark_value(size_t row, int field)
{
    char *placeholder = rows_placeholder(&arena, (int)row, field);

    return field == ROWS_ENCODED_ID ? arena_format(&arena, "/update/%s?page=2&search=<", placeholder) : placeholder;
}

static struct book_list real_books(size_t count)
{
    struct book_list list = {arena_alloc(&arena, count * sizeof(struct book)), count};

    for (size_t i = 0; i < count; i++)
        for (int field = 0; field < BOOK_FIELDS; field++)
            list.books[i].field[field] = text_from_cstr(real_value(i, field));
    return list;
}

static void rows_are_what_clearsilver_makes(void **state)
{
    const struct text specimen = render("each.cs", ROWS_SPECIMENS, mark_value);

    (void)state;
    for (size_t count = 1; count <= 20; count++) {
        const struct text expected = render("each.cs", count, real_value);
        const struct book_list list = real_books(count);
        struct buf out = {0};

        assert_true(rows_expand(specimen, &list, NULL, &out));
        assert_string_equal(out.at, expected.at);
        assert_int_equal(out.len, expected.len);
        buf_free(&out);
    }
}

static void every_character_is_escaped_alike(void **state)
{
    const struct text specimen = render("each.cs", ROWS_SPECIMENS, mark_value);
    struct book_list list = real_books(1);
    struct buf out = {0};
    char all[128];
    HDF *hdf = NULL;
    struct buf expected = {0};
    struct err err;

    (void)state;
    for (int i = 0; i < 95; i++)
        all[i] = (char)(' ' + i);
    all[95] = '\0';
    for (int field = 0; field < BOOK_FIELDS; field++)
        list.books[0].field[field] = text_from_cstr(all);
    assert_true(rows_expand(specimen, &list, NULL, &out));
    assert_null(hdf_init(&hdf));
    for (int field = 0; field < BOOK_FIELDS; field++)
        assert_null(hdf_set_value(hdf, arena_format(&arena, "Books.0.%s", book_fields[field].name), all));
    assert_null(hdf_set_value(hdf, "Books.0.update", encode(text_from_cstr(all))));
    assert_int_equal(templates_render(templates, "each.cs", hdf, &expected, &err), ERR_OK);
    assert_string_equal(out.at, expected.at);
    hdf_destroy(&hdf);
    buf_free(&expected);
    buf_free(&out);
}

static void what_was_found_is_marked_outside_of_tags(void **state)
{
    const struct text specimen = render("each.cs", ROWS_SPECIMENS, mark_value);
    struct book_list list = real_books(1);
    struct buf out = {0};

    (void)state;
    for (int field = 0; field < BOOK_FIELDS; field++)
        list.books[0].field[field] = text_from_cstr("");
    list.books[0].field[BOOK_ID] = text_from_cstr("A&B");
    list.books[0].field[BOOK_TITLE] = text_from_cstr("<a> & é");
    list.books[0].field[BOOK_EDITION] = text_from_cstr("A & B");
    assert_true(rows_expand(specimen, &list, marks_of("A&B"), &out));
    assert_non_null(strstr(out.at, "<tr id=\"A&amp;B\">"));
    assert_null(strstr(out.at, "<mark>"));
    buf_clear(&out);
    assert_true(rows_expand(specimen, &list, marks_of("edition:a e \"> &\""), &out));
    assert_non_null(strstr(out.at, "<td>&lt;a<mark>&gt; &amp;</mark> <mark>é</mark></td>"));
    assert_non_null(strstr(out.at, ",<mark>A</mark> &amp; B - "));
    buf_free(&out);
}

static void a_template_that_decides_within_its_rows_is_refused(void **state)
{
    const struct book_list list = real_books(3);
    struct buf out = {0};

    (void)state;
    assert_false(rows_expand(render("if.cs", ROWS_SPECIMENS, mark_value), &list, NULL, &out));
    assert_false(rows_expand(render("none.cs", ROWS_SPECIMENS, mark_value), &list, NULL, &out));
    assert_false(rows_expand(render("early.cs", ROWS_SPECIMENS, mark_value), &list, NULL, &out));
    assert_false(rows_expand(render("each.cs", 2, mark_value), &list, NULL, &out));
    assert_false(rows_expand(text_from_cstr(""), &list, NULL, &out));
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_what_clearsilver_makes),
        cmocka_unit_test(every_character_is_escaped_alike),
        cmocka_unit_test(what_was_found_is_marked_outside_of_tags),
        cmocka_unit_test(a_template_that_decides_within_its_rows_is_refused),
    };

    return cmocka_run_group_tests_name("rows", tests, set_up, tear_down);
}
