#include "files/import.h"

#include "base/buf.h"
#include "test.h"

/* The calls of an import. */
struct notes {
    struct buf faults; /* "LINE: sentence;" each */
    struct buf books;  /* "ID/title/authors;" each */
    size_t batches;
    enum batch_outcome outcome; /* of every book */
    enum err_code code;         /* of every batch */
};

static enum err_code write_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    struct notes *notes = context;

    (void)arena;
    notes->batches++;
    for (size_t i = 0; i < batch->count; i++) {
        const struct text *field = batch->books[i].field;

        buf_add_format(&notes->books, "%.*s/%.*s/%.*s;", (int)field[BOOK_ID].len, field[BOOK_ID].at,
                       (int)field[BOOK_TITLE].len, field[BOOK_TITLE].at, (int)field[BOOK_AUTHORS].len,
                       field[BOOK_AUTHORS].at);
        batch->outcome[i] = notes->outcome;
    }
    return notes->code == ERR_OK ? ERR_OK : err_set(err, notes->code, "as the test wants it");
}

static void note_fault(void *context, uint64_t line, const char *text)
{
    struct notes *notes = context;

    buf_add_format(&notes->faults, "%llu: %s;", (unsigned long long)line, text);
}

static struct notes notes;
static struct import_options options;
static struct import_counts counts;
static struct err err;

static int begin(void **state)
{
    (void)state;
    buf_free(&notes.faults);
    buf_free(&notes.books);
    notes = (struct notes){0};
    options = (struct import_options){.batch = 2, .write = write_batch, .fault = note_fault, .context = &notes};
    return 0;
}

/* Imports a text, in two pieces. */
static enum err_code import_text(const char *text)
{
    struct import *import = import_new(&options);
    const size_t half = strlen(text) / 2;
    enum err_code code = import_feed(import, text, half, &err);

    if (code == ERR_OK)
        code = import_feed(import, text + half, strlen(text) - half, &err);
    if (code == ERR_OK)
        code = import_end(import, &err);
    counts = import_counts(import);
    import_free(import);
    return code;
}

static void columns_come_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(import_text("Authors,TITLE, ID \nB,A,1\n\"D, E\",C,2\nF,E,3\n"), ERR_OK);
    assert_string_equal(notes.books.at, "1/A/B;2/C/D, E;3/E/F;");
    assert_int_equal(notes.batches, 2);
    assert_int_equal(counts.added, 3);
    assert_null(notes.faults.at);
}

static void guards_of_formulas_are_taken_off(void **state)
{
    static const char text[] = "book_id,title,authors\n'-1,'=1+1,''@x\n-2,'it is,'\n3,a'=b,''\n";

    (void)state;
    assert_int_equal(import_text(text), ERR_OK);
    assert_string_equal(notes.books.at, "-1/=1+1/'@x;-2/'it is/';3/a'=b/'';");
    begin(NULL);
    options.is_raw = true;
    assert_int_equal(import_text(text), ERR_OK);
    assert_string_equal(notes.books.at, "'-1/'=1+1/''@x;-2/'it is/';3/a'=b/'';");
}

static void columns_that_do_not_serve(void **state)
{
    static const struct {
        const char *text, *why;
    } wrong[] = {{"book_id,title,isbn\n", "\"isbn\""},
                 {"book_id,title,Title\n", "title occurs twice"},
                 {"book_id,authors\n", "title is missing"},
                 {"1,A\n2,B\n", "\"1\""},
                 {"", "header line"},
                 {"\"book_id\"x\n", "closing quote"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(import_text(wrong[i].text), ERR_INVALID);
        assert_non_null(strstr(err.text, wrong[i].why));
    }
    assert_int_equal(notes.batches, 0);
    options.duplicates = IMPORT_REPLACE;
    assert_int_equal(import_text("book_id,title\n1,A\n"), ERR_INVALID);
    assert_non_null(strstr(err.text, "category"));
}

static void faults_are_told_by_line_and_field(void **state)
{
    (void)state;
    assert_int_equal(import_text("book_id,title,available_from\n1,,soon\n2,B\n\n3,\" C \",2024-02-29\n\"4\"x\n"
                                 "5,\xFF,\n6,\"a\nb\",\n"),
                     ERR_OK);
    assert_string_equal(notes.books.at, "3/C/;");
    assert_string_equal(notes.faults.at,
                        "2: title: This field is required.;2: available_from: Not a date in the form YYYY-MM-DD.;"
                        "3: This line has 2 fields; there are 3 columns.;"
                        "6: Text after a closing quote; a quote in a quoted field must be doubled.;"
                        "7: title: Not valid UTF-8 text.;"
                        "7: The file may be in Windows-1252 or Latin-1: save it as UTF-8.;"
                        "8: title: Control characters such as tabs and line breaks are not allowed.;");
    assert_int_equal(counts.bad, 5);
    assert_int_equal(counts.added, 1);
}

static void tsv_may_go_without_names(void **state)
{
    (void)state;
    options.format = IMPORT_TSV;
    assert_int_equal(import_text("1\tA \\\\ B\t\\N\tC\t\\N\t\\N\t2024-01-01\n2\tD\n"), ERR_OK);
    assert_string_equal(notes.books.at, "1/A \\ B/C;");
    assert_string_equal(notes.faults.at, "2: This line has 2 fields; there are 7 columns.;");
    begin(NULL);
    options.format = IMPORT_TSV;
    assert_int_equal(import_text("title\tID\nA\t1\n"), ERR_OK);
    assert_string_equal(notes.books.at, "1/A/;");
    begin(NULL);
    options.format = IMPORT_TSV;
    assert_int_equal(import_text("title\tID\tauthor\nA\t1\tB\n"), ERR_INVALID);
    assert_non_null(strstr(err.text, "\"author\""));
}

static void tsv_with_names_of_others_does_not_go_in_by_position(void **state)
{
    static const char *const foreign[] = {
        "ISBN\tTitle\tAuthor\tPress\tGenre\tBinding\t\nT7\tDune\tF\tC\tSF\tH\t\n",
        "ISBN\tTitel\tAutor\tVerlag\tGenre\tEinband\tErschienen\nT7\tD\tF\tC\tS\tH\t\n",
        "ISBN13\ta\tb\tc\td\te\t2008.0\n", "1\tA\tB\tC\tD\tE\tsoon\n"};
    static const char *const by_position[] = {"1\tTitle\tB\tC\tD\tE\t2024-02-29\n", "1\tTitle\t\\N\tC\tD\tE\t\n"};

    (void)state;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        options.format = IMPORT_TSV;
        assert_int_equal(import_text(foreign[i]), ERR_INVALID);
        assert_non_null(strstr(err.text, "must name the columns"));
        assert_null(notes.books.at);
    }
    for (size_t i = 0; i < sizeof by_position / sizeof *by_position; i++) {
        begin(NULL);
        options.format = IMPORT_TSV;
        assert_int_equal(import_text(by_position[i]), ERR_OK);
        assert_memory_equal(notes.books.at, "1/Title/", 8);
    }
}

static void all_unknown_columns_are_named_and_cut_between_characters(void **state)
{
    struct buf line = {0};
    size_t characters;

    (void)state;
    assert_int_equal(
        import_text(
            "book_id,title,goodreads_id,rating,書籍の副題書籍の副題書籍の副題書籍の副題書籍の副題\nU,A,1,2,x\n"),
        ERR_INVALID);
    assert_non_null(
        strstr(err.text, "\"goodreads_id\", \"rating\", \"書籍の副題書籍の副題書籍の副題書籍の副題書籍の副…\""));
    for (int i = 0; i < 60; i++)
        buf_add_string(&line, "書籍の副題書籍の副題書籍の副題,");
    assert_int_equal(import_text(buf_string(&line)), ERR_INVALID);
    assert_non_null(strstr(err.text, " more. Valid names are book_id, title, "));
    assert_int_equal(text_check(text_from_cstr(err.text), &characters), TEXT_FINE);
    buf_free(&line);
}

static void other_encodings_are_named(void **state)
{
    (void)state;
    assert_int_equal(import_text("book_id,t\xEFtre\n1,A\n"), ERR_INVALID);
    assert_non_null(strstr(err.text, "Windows-1252"));
    options.delimiter = '\t';
    assert_int_equal(import_text("\xFF\xFEI\tD\n"), ERR_INVALID);
    assert_non_null(strstr(err.text, "UTF-16"));
}

/* Says of every book that it is not in the table, and of the others of a batch what catalogue_try_many would. */
static enum err_code try_batch(void *context, struct batch *batch, struct arena *arena, struct err *error)
{
    (void)context;
    (void)arena;
    (void)error;
    for (size_t i = 0; i < batch->count; i++) {
        batch->outcome[i] = BATCH_ADDED;
        for (size_t j = 0; j < i; j++)
            if (text_equal(batch->books[i].field[BOOK_ID], batch->books[j].field[BOOK_ID]))
                batch->outcome[i] = batch->replaces ? BATCH_REPLACED : BATCH_TAKEN;
    }
    return ERR_OK;
}

static void a_trial_names_the_line_that_has_the_id_too(void **state)
{
    static const char text[] = "book_id,title,category,authors,publisher,edition,available_from\n1,A,,,,,\n1,B,,,,,\n"
                               "2,C,,,,,\n1,D,,,,,\n1,A,,,,,\n";

    (void)state;
    for (size_t batch = 1; batch <= 3; batch++) {
        begin(NULL);
        options.batch = batch;
        options.is_trial = true;
        options.write = try_batch;
        assert_int_equal(import_text(text), ERR_OK);
        assert_memory_equal(notes.faults.at,
                            "3: book_id: Same ID as on line 2: skipped.;"
                            "5: book_id: Same ID as on line 2: skipped.;",
                            2 * strlen("3: book_id: Same ID as on line 2: skipped.;"));
        assert_int_equal(counts.added, 2);
        begin(NULL);
        options.batch = batch;
        options.is_trial = true;
        options.write = try_batch;
        options.duplicates = IMPORT_REPLACE;
        assert_int_equal(import_text(text), ERR_OK);
        assert_string_equal(notes.faults.at, "3: book_id: Same ID as on line 2: replaces that book.;"
                                             "5: book_id: Same ID as on line 3: replaces that book.;"
                                             "6: book_id: Same ID as on line 5: replaces that book.;");
        assert_int_equal(counts.replaced, 3);
    }
}

static void objects(void **state)
{
    (void)state;
    options.format = IMPORT_NDJSON;
    assert_int_equal(import_text("{\"book_id\": 1, \"title\": \"A\\u00e9\", \"authors\": null}\n"
                                 "{\"Title\":\"B\",\"ID\":\"2\",\"authors\":\"C\"}\n"
                                 "{\"book_id\": \"3\", \"title\": [\"x\"]}\n{\"book_id\": \"3\", \"title\": {}}\n"
                                 "{\"book_id\": \"3\", \"title\": true}\n[]\n\"x\"\n7\n{\"isbn\": 1}\n{\"book_id\"\n"
                                 "{\"book_id\": \"3\", \"title\": \"\\u0000\"}\n{} {}\n{\"title\": \"\xFF\"}\n"),
                     ERR_OK);
    assert_string_equal(notes.books.at, "1/Aé/;2/B/C;");
    assert_int_equal(counts.bad, 11);
    assert_non_null(strstr(notes.faults.at, "3: title: Must be a string, a number or null.;"));
    assert_non_null(strstr(notes.faults.at, "4: title: Must be a string, a number or null.;"));
    assert_non_null(strstr(notes.faults.at, "6: Not a JSON object.;7: Not a JSON object.;8: "));
    assert_non_null(strstr(notes.faults.at, "9: isbn: Unknown field.;"));
    assert_non_null(strstr(notes.faults.at, "11: title: Control characters"));
    begin(NULL);
    options.format = IMPORT_NDJSON;
    options.duplicates = IMPORT_REPLACE;
    assert_int_equal(import_text("{\"book_id\": \"1\", \"title\": \"A\"}\n"), ERR_OK);
    assert_non_null(strstr(notes.faults.at, "1: category: This field is missing;"));
}

static void outcomes_are_counted(void **state)
{
    static const char text[] = "book_id,title\n1,A\n2,B\n3,C\n";

    (void)state;
    notes.outcome = BATCH_UNCHANGED;
    assert_int_equal(import_text(text), ERR_OK);
    assert_int_equal(counts.unchanged, 3);
    notes.outcome = BATCH_TAKEN;
    assert_int_equal(import_text(text), ERR_OK);
    assert_int_equal(counts.skipped, 3);
    options.duplicates = IMPORT_REFUSE;
    assert_int_equal(import_text(text), ERR_OK);
    assert_int_equal(counts.bad, 3);
    assert_non_null(strstr(notes.faults.at, "4: book_id: A book with this ID exists."));
    options.write = NULL;
    assert_int_equal(import_text(text), ERR_OK);
    assert_int_equal(counts.added, 3);
}

static void a_failure_ends_it(void **state)
{
    (void)state;
    notes.code = ERR_UNAVAILABLE;
    assert_int_equal(import_text("book_id,title\n1,A\n2,B\n3,C\n4,D\n5,E\n6,F\n"), ERR_UNAVAILABLE);
    assert_int_equal(notes.batches, 1);
    assert_int_equal(counts.added, 0);
    assert_string_equal(err.text, "as the test wants it");
}

static void endings_tell_the_format(void **state)
{
    enum import_format format;

    (void)state;
    assert_true(import_format_of("a.b.CSV", &format) && format == IMPORT_CSV);
    assert_true(import_format_of("x.tsv", &format) && format == IMPORT_TSV);
    assert_true(import_format_of("/x.y/z.jsonl", &format) && format == IMPORT_NDJSON);
    assert_false(import_format_of("-", &format));
    assert_false(import_format_of("x.xlsx", &format));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(columns_come_in_any_order, begin),
        cmocka_unit_test_setup(guards_of_formulas_are_taken_off, begin),
        cmocka_unit_test_setup(columns_that_do_not_serve, begin),
        cmocka_unit_test_setup(faults_are_told_by_line_and_field, begin),
        cmocka_unit_test_setup(tsv_may_go_without_names, begin),
        cmocka_unit_test_setup(tsv_with_names_of_others_does_not_go_in_by_position, begin),
        cmocka_unit_test_setup(all_unknown_columns_are_named_and_cut_between_characters, begin),
        cmocka_unit_test_setup(other_encodings_are_named, begin),
        cmocka_unit_test_setup(a_trial_names_the_line_that_has_the_id_too, begin),
        cmocka_unit_test_setup(objects, begin),
        cmocka_unit_test_setup(outcomes_are_counted, begin),
        cmocka_unit_test_setup(a_failure_ends_it, begin),
        cmocka_unit_test_setup(endings_tell_the_format, begin),
    };

    return cmocka_run_group_tests_name("import", tests, NULL, begin);
}
