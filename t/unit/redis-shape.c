/* Replies of Redis, as the library reads them from bytes, held against shapes. */
#include "test.h"

#include <hiredis/hiredis.h>
#include <string.h>

#include "cache/redis_shape.h"

/* Returns whether the reply that these bytes are fits. */
static bool fits(const struct redis_shape *shape, const char *bytes, size_t len)
{
    redisReader *reader = redisReaderCreate();
    void *reply = NULL;
    bool result;

    assert_int_equal(redisReaderFeed(reader, bytes, len), REDIS_OK);
    assert_int_equal(redisReaderGetReply(reader, &reply), REDIS_OK);
    assert_non_null(reply);
    result = redis_shape_fits(shape, reply);
    freeReplyObject(reply);
    redisReaderFree(reader);
    return result;
}

#define FITS(shape, bytes) assert_true(fits(&(shape), bytes, sizeof(bytes) - 1))
#define DIFFERS(shape, bytes) assert_false(fits(&(shape), bytes, sizeof(bytes) - 1))

static void test_texts(void **state)
{
    const struct redis_shape text = {.kind = REDIS_IS_TEXT, .least = 1, .most = 4};
    const struct redis_shape word = {.kind = REDIS_IS_WORD, .least = 1, .most = 4};
    const struct redis_shape maybe = {.kind = REDIS_IS_WORD, .may_be_nil = true, .most = 4};

    (void)state;
    FITS(text, "$1\r\na\r\n");
    FITS(text, "$4\r\na\0\xFF \r\n");
    DIFFERS(text, "$0\r\n\r\n");
    DIFFERS(text, "$5\r\nabcde\r\n");
    DIFFERS(text, "$-1\r\n");
    DIFFERS(text, "+a\r\n");
    DIFFERS(text, "-a\r\n");
    DIFFERS(text, ":1\r\n");
    DIFFERS(text, "*1\r\n$1\r\na\r\n");
    FITS(word, "$4\r\n!a~z\r\n");
    DIFFERS(word, "$2\r\na \r\n");
    DIFFERS(word, "$2\r\na\0\r\n");
    DIFFERS(word, "$2\r\n\xC3\xA9\r\n");
    FITS(maybe, "$-1\r\n");
    FITS(maybe, "$0\r\n\r\n");
}

static void test_numbers(void **state)
{
    const struct redis_shape number = {.kind = REDIS_IS_NUMBER};
    const struct redis_shape integer = {.kind = REDIS_IS_INTEGER, .least = 1, .most = 9};

    (void)state;
    FITS(number, "$1\r\n0\r\n");
    FITS(number, "$18\r\n999999999999999999\r\n");
    DIFFERS(number, "$19\r\n1000000000000000000\r\n");
    DIFFERS(number, "$0\r\n\r\n");
    DIFFERS(number, "$2\r\n-1\r\n");
    DIFFERS(number, "$2\r\n1 \r\n");
    DIFFERS(number, "$2\r\n1\0\r\n");
    DIFFERS(number, ":1\r\n");
    FITS(integer, ":1\r\n");
    FITS(integer, ":9\r\n");
    DIFFERS(integer, ":0\r\n");
    DIFFERS(integer, ":10\r\n");
    DIFFERS(integer, ":-1\r\n");
    DIFFERS(integer, ":-9223372036854775808\r\n");
    DIFFERS(integer, "$1\r\n1\r\n");
    FITS(redis_shape_count, ":9223372036854775807\r\n");
    FITS(redis_shape_status, "+OK\r\n");
    DIFFERS(redis_shape_status, "$2\r\nOK\r\n");
}

static void test_arrays(void **state)
{
    const struct redis_shape number = {.kind = REDIS_IS_NUMBER};
    const struct redis_shape list = {.kind = REDIS_IS_ARRAY, .least = 1, .most = 2, .each = &number};
    const struct redis_shape fields[] = {number, list};
    const struct redis_shape pair = {.kind = REDIS_IS_ARRAY, .least = 2, .most = 2, .fields = fields};

    (void)state;
    FITS(list, "*1\r\n$1\r\n1\r\n");
    FITS(list, "*2\r\n$1\r\n1\r\n$1\r\n2\r\n");
    DIFFERS(list, "*0\r\n");
    DIFFERS(list, "*-1\r\n");
    DIFFERS(list, "*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n");
    DIFFERS(list, "*1\r\n$-1\r\n");
    DIFFERS(list, "*2\r\n$1\r\n1\r\n-ERR\r\n");
    DIFFERS(list, "*1\r\n*1\r\n$1\r\n1\r\n");
    FITS(pair, "*2\r\n$1\r\n1\r\n*1\r\n$1\r\n2\r\n");
    DIFFERS(pair, "*2\r\n*1\r\n$1\r\n2\r\n$1\r\n1\r\n");
    DIFFERS(pair, "*1\r\n$1\r\n1\r\n");
    DIFFERS(pair, "*2\r\n$1\r\n1\r\n$1\r\n2\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_arrays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
