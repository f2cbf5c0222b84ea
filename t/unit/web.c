/* Addresses and routes; what is compressed; when an upload ends before its file. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "test.h"
#include "view/link.h"
#include "web/import_pace.h"
#include "web/response.h"
#include "web/route.h"

static struct arena arena;

static int forget_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void links_are_encoded(void **state)
{
    const struct query first = query_whole, third = {.offset = 200, .limit = 100},
                       search = {.search = {"a&b=ü", 6}, .offset = 50, .limit = 50, .order = {{BOOK_TITLE, false}}},
                       narrow = {.limit = 100, .hidden = 1u << BOOK_EDITION | 1u << BOOK_ID};

    (void)state;
    assert_string_equal(link_list(&arena, &first), "/list");
    assert_string_equal(link_list(&arena, &third), "/list?page=3");
    assert_string_equal(link_list(&arena, &search), "/list?page=2&per_page=50&search=a%26b%3D%C3%BC&sort=title");
    assert_string_equal(link_list(&arena, &narrow), "/list?hide=book_id&hide=edition");
    assert_string_equal(link_books(&arena, &narrow), "/api/books");
    assert_string_equal(link_update(&arena, text_from_cstr("a/b"), &third), "/update/a%2Fb?page=3");
    assert_string_equal(link_delete(&arena, text_from_cstr("?"), &first), "/delete/%3F");
    assert_string_equal(link_add(&arena, &search), "/add?page=2&per_page=50&search=a%26b%3D%C3%BC&sort=title");
}

static void nothing(struct exchange *exchange)
{
    (void)exchange;
}

static const struct route table[] = {
    {METHOD_GET | METHOD_HEAD, ROLE_READER, "/", nothing},
    {METHOD_GET, ROLE_READER, "/book/new", nothing},
    {METHOD_GET, ROLE_READER, "/book/*", nothing},
    {METHOD_POST, ROLE_READER, "/book/*", nothing},
    {0, ROLE_NONE, NULL, NULL},
};

static void routes_tell_unknown_path_from_wrong_method(void **state)
{
    struct text rest;
    unsigned allowed;

    (void)state;
    assert_ptr_equal(route_find(table, METHOD_HEAD, text_from_cstr("/"), &arena, &rest, &allowed), &table[0]);
    assert_null(route_find(table, METHOD_POST, text_from_cstr("/"), &arena, &rest, &allowed));
    assert_int_equal(allowed, METHOD_GET | METHOD_HEAD);
    assert_null(route_find(table, METHOD_OTHER, text_from_cstr("/book/1"), &arena, &rest, &allowed));
    assert_int_equal(allowed, METHOD_GET | METHOD_POST);
    assert_null(route_find(table, METHOD_POST, text_from_cstr("/book/new"), &arena, &rest, &allowed));
    assert_int_equal(allowed, METHOD_GET);
    assert_null(route_find(table, METHOD_GET, text_from_cstr("/books"), &arena, &rest, &allowed));
    assert_int_equal(allowed, 0);
    assert_null(route_find(table, METHOD_GET, text_from_cstr(""), &arena, &rest, &allowed));
}

static void routes_with_a_star_in_the_middle(void **state)
{
    static const struct route books[] = {{METHOD_READS, ROLE_NONE, "/book/*", nothing},
                                         {METHOD_READS, ROLE_NONE, "/book/*/history", nothing},
                                         {0, ROLE_NONE, NULL, NULL}};
    struct text rest;
    unsigned allowed;

    (void)state;
    assert_ptr_equal(
        route_find(books, METHOD_GET, text_from_cstr("/book/a%2Fhistory/history"), &arena, &rest, &allowed), &books[1]);
    assert_true(text_equal_string(rest, "a/history"));
    assert_ptr_equal(route_find(books, METHOD_GET, text_from_cstr("/book/history"), &arena, &rest, &allowed),
                     &books[0]);
    assert_null(route_find(books, METHOD_GET, text_from_cstr("/book//history"), &arena, &rest, &allowed));
    assert_null(route_find(books, METHOD_GET, text_from_cstr("/book/a/b/history"), &arena, &rest, &allowed));
    assert_null(route_find(books, METHOD_GET, text_from_cstr("/book/a/historyx"), &arena, &rest, &allowed));
}

static void routes_decode_the_last_segment(void **state)
{
    struct text rest;
    unsigned allowed;

    (void)state;
    assert_ptr_equal(route_find(table, METHOD_POST, text_from_cstr("/book/a%2Fb+c"), &arena, &rest, &allowed),
                     &table[3]);
    assert_true(text_equal_string(rest, "a/b+c"));
    assert_null(route_find(table, METHOD_GET, text_from_cstr("/book/a/b"), &arena, &rest, &allowed));
    assert_int_equal(allowed, 0);
    assert_null(route_find(table, METHOD_GET, text_from_cstr("/book/"), &arena, &rest, &allowed));
}

static void an_upload_ends_at_its_limits_and_with_its_client(void **state)
{
    int ends[2];
    FCGX_Request fcgi = {0};
    const struct request request = {.fcgi = &fcgi};
    const struct import_pace pace = {.request = &request, .started = 5000000};
    const int64_t late = 5000000 + LIMIT_IMPORT_S * INT64_C(1000000);

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fcgi.ipcFd = ends[0];
    assert_int_equal(import_pace_judge(&pace, late - 1, LIMIT_IMPORT_BOOKS - 1), IMPORT_GOES_ON);
    assert_int_equal(import_pace_judge(&pace, late - 1, LIMIT_IMPORT_BOOKS), IMPORT_FULL);
    assert_int_equal(import_pace_judge(&pace, late, 0), IMPORT_LATE);
    assert_int_equal(write(ends[1], "unread", 6), 6);
    assert_int_equal(import_pace_judge(&pace, 5000000, 0), IMPORT_GOES_ON);
    close(ends[1]);
    assert_int_equal(import_pace_judge(&pace, 5000000, 0), IMPORT_LEFT);
    close(ends[0]);
}

/* Returns whether a body of this many bytes is compressed. */
static bool is_compressed(size_t bytes, bool is_final, bool is_accepted)
{
    struct response response = {.status = 200, .is_final = is_final};
    bool is_smaller;

    while (response.body.len < bytes)
        buf_add_char(&response.body, 'x');
    response_compress(&response, is_accepted);
    is_smaller = response_content(&response)->len < bytes;
    assert_int_equal(response.body.len, bytes); /* which may be stored afterwards */
    assert_int_equal(is_smaller, strstr(buf_string(&response.headers), "Content-Encoding: gzip\r\n") != NULL);
    assert_int_equal(!is_final && bytes > 0,
                     strstr(buf_string(&response.headers), "Vary: Accept-Encoding\r\n") != NULL);
    response_free(&response);
    return is_smaller;
}

static void bodies_are_compressed_from_a_length_on(void **state)
{
    (void)state;
    assert_false(is_compressed(0, false, true));
    assert_false(is_compressed(LIMIT_PLAIN_BYTES - 1, false, true));
    assert_true(is_compressed(LIMIT_PLAIN_BYTES, false, true));
    assert_true(is_compressed(10 * 1000 * 1000, false, true));
    assert_false(is_compressed(LIMIT_PLAIN_BYTES, false, false));
    assert_false(is_compressed(LIMIT_PLAIN_BYTES, true, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_compressed_from_a_length_on),
        cmocka_unit_test(links_are_encoded),
        cmocka_unit_test(routes_tell_unknown_path_from_wrong_method),
        cmocka_unit_test(routes_with_a_star_in_the_middle),
        cmocka_unit_test(routes_decode_the_last_segment),
        cmocka_unit_test(an_upload_ends_at_its_limits_and_with_its_client),
    };

    return cmocka_run_group_tests_name("web", tests, NULL, forget_arena);
}
