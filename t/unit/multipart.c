#include "web/multipart.h"

#include "base/buf.h"
#include "test.h"

static struct buf notes;

/* Writes a part as "NAME[(FILE)]=bytes;". */
static void note_part(void *context, struct text name, struct text file)
{
    (void)context;
    buf_add_format(&notes, ";%.*s", (int)name.len, name.at);
    if (file.at != NULL)
        buf_add_format(&notes, "(%.*s)", (int)file.len, file.at);
    buf_add_char(&notes, '=');
}

static void note_bytes(void *context, const char *bytes, size_t len)
{
    (void)context;
    buf_add(&notes, bytes, len);
}

/* Returns whether a body with the boundary "xyz" is read so, whatever the pieces it comes in; and whether it ends well.
 */
static bool reads(const char *body, const char *expected, bool ends_well)
{
    static const struct multipart_hooks hooks = {note_part, note_bytes, NULL};
    const size_t len = strlen(body);
    bool is_same = true;

    for (size_t piece = 1; piece <= len && is_same; piece++) {
        struct multipart *multipart = multipart_new(text_from_cstr("xyz"), &hooks);

        buf_clear(&notes);
        for (size_t i = 0; i < len; i += piece)
            multipart_feed(multipart, body + i, len - i < piece ? len - i : piece);
        is_same = multipart_end(multipart) == ends_well && strcmp(buf_string(&notes), expected) == 0;
        multipart_free(multipart);
    }
    if (!is_same)
        print_error("%s\n", buf_string(&notes));
    buf_free(&notes);
    return is_same;
}

#define PART "Content-Disposition: form-data; name="

static void parts_are_told_apart(void **state)
{
    (void)state;
    assert_true(reads("--xyz\r\n" PART "\"a\"\r\n\r\n1\r\n--xyz\r\n" PART "\"b\"; filename=\"c.csv\"\r\n"
                      "Content-Type: text/csv\r\n\r\nx\r\ny\r\n\r\n--xyz--\r\n",
                      ";a=1;b(c.csv)=x\r\ny\r\n", true));
    assert_true(reads("preamble\r\n--xyz \t\r\nX: y\r\ncontent-disposition:form-data;NAME=\"a\"\r\n\r\n\r\n--xyz--more",
                      ";a=", true));
    assert_true(reads("--xyz\r\n" PART "\"a\"; filename=\"\"\r\n\r\n\r\n--xyz--", ";a()=", true));
}

static void what_looks_like_a_delimiter_is_data(void **state)
{
    (void)state;
    assert_true(reads("--xyz\r\n" PART "\"a\"\r\n\r\n\r\r\n\r\n-\r\n--\r\n--xy\r\n--\r\n--xyz--",
                      ";a=\r\r\n\r\n-\r\n--\r\n--xy\r\n--", true));
    assert_true(reads("--xyz\r\n" PART "\"a\"\r\n\r\n--xyz\n--xyz\r\n--xyz--", ";a=--xyz\n--xyz", true));
}

static void what_is_broken_says_so(void **state)
{
    (void)state;
    assert_true(reads("nothing", "", false));
    assert_true(reads("--xyz\r\n" PART "\"a\"\r\n\r\ncut sho", ";a=cut sho", false));
    assert_true(reads("--xyz\r\n" PART "\"a\"\r\n\r\n1\r\n--xyz", ";a=1", false));
    assert_true(reads("--xyz\r\nX: y\r\n\r\n1\r\n--xyz--", "", false));
    assert_true(reads("--xyz\r\n\n1\r\n--xyz--", "", false));
    assert_true(reads("--xyz\r\na\n" PART "\"a\"\r\n\r\n1\r\n--xyz--", ";a=1", true));
    assert_true(reads("--xyz\r\n" PART "a\r\n\r\n1\r\n--xyz--", "", false));
}

static void boundaries_are_found(void **state)
{
    struct text boundary;

    (void)state;
    assert_true(multipart_boundary("multipart/form-data; boundary=----abc", &boundary));
    assert_true(text_equal_string(boundary, "----abc"));
    assert_true(multipart_boundary("Multipart/Form-Data; charset=x; BOUNDARY=\"a b\"; y", &boundary));
    assert_true(text_equal_string(boundary, "a b"));
    assert_false(multipart_boundary("multipart/form-data", &boundary));
    assert_false(multipart_boundary("multipart/form-data; boundary=", &boundary));
    assert_false(multipart_boundary("multipart/mixed; boundary=a", &boundary));
    assert_false(multipart_boundary(NULL, &boundary));
    assert_false(multipart_boundary("multipart/form-data; boundary="
                                    "12345678901234567890123456789012345678901234567890123456789012345678901",
                                    &boundary));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_told_apart),
        cmocka_unit_test(what_looks_like_a_delimiter_is_data),
        cmocka_unit_test(what_is_broken_says_so),
        cmocka_unit_test(boundaries_are_found),
    };

    return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
