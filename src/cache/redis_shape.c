#include "cache/redis_shape.h"

enum { DIGITS_MOST = 18 }; /* of a number: the maximum for text_number() */

const struct redis_shape redis_shape_status = {.kind = REDIS_IS_STATUS, .most = 64};
const struct redis_shape redis_shape_count = {.kind = REDIS_IS_INTEGER, .most = INT64_MAX};

static bool is_text(const struct redis_shape *shape, const redisReply *reply, int type)
{
    return reply->type == type && reply->str != NULL && reply->len >= shape->least && reply->len <= shape->most;
}

/* Returns whether a reply is not empty and all its characters are in this range. */
static bool lie_between(const redisReply *reply, char first, char last)
{
    for (size_t i = 0; i < reply->len; i++)
        if (reply->str[i] < first || reply->str[i] > last)
            return false;
    return true;
}

static bool is_number(const redisReply *reply)
{
    const struct redis_shape digits = {.kind = REDIS_IS_TEXT, .least = 1, .most = DIGITS_MOST};

    return is_text(&digits, reply, REDIS_REPLY_STRING) && lie_between(reply, '0', '9');
}

static bool is_integer(const struct redis_shape *shape, const redisReply *reply)
{
    return reply->type == REDIS_REPLY_INTEGER && reply->integer >= 0 && (uint64_t)reply->integer >= shape->least &&
           (uint64_t)reply->integer <= shape->most;
}

static bool is_array(const struct redis_shape *shape, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < shape->least || reply->elements > shape->most)
        return false;
    for (size_t i = 0; i < reply->elements; i++) {
        const struct redis_shape *inner = shape->fields != NULL ? &shape->fields[i] : shape->each;

        if (reply->element[i] == NULL || !redis_shape_fits(inner, reply->element[i]))
            return false;
    }
    return true;
}

bool redis_shape_fits(const struct redis_shape *shape, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_NIL)
        return shape->may_be_nil;
    switch (shape->kind) {
    case REDIS_IS_STATUS:
        return is_text(shape, reply, REDIS_REPLY_STATUS);
    case REDIS_IS_INTEGER:
        return is_integer(shape, reply);
    case REDIS_IS_TEXT:
        return is_text(shape, reply, REDIS_REPLY_STRING);
    case REDIS_IS_WORD:
        return is_text(shape, reply, REDIS_REPLY_STRING) && lie_between(reply, '!', '~');
    case REDIS_IS_NUMBER:
        return is_number(reply);
    case REDIS_IS_ARRAY:
        return is_array(shape, reply);
    }
    return false;
}
