/* The part of cache that reports the list and the progress of a rebuild to operators. */
#include <stdio.h>

#include "cache/cache_parts.h"

/* Adds up the memory of the segments. */
static enum err_code measure(struct cache *cache, uint64_t *bytes, struct err *err)
{
    const struct directory *directory = &cache->directory;
    static const struct redis_shape shape = {.kind = REDIS_IS_INTEGER, .may_be_nil = true, .most = INT64_MAX / 2};
    enum err_code code = ERR_OK;

    *bytes = 0;
    for (size_t i = 0; code == ERR_OK && i < directory->count; i++) {
        redisReply *reply;

        code = redis_command(cache->redis, &shape, &reply, err, "MEMORY USAGE %s%s:%llu", cache->prefix,
                             directory->generation, (unsigned long long)directory->segments[i].id);
        if (code == ERR_OK)
            *bytes += (uint64_t)reply->integer;
        freeReplyObject(reply);
    }
    return code;
}

enum { STATUS_FIELDS = 7 };

static const struct redis_shape status_fields[STATUS_FIELDS] = {
    CACHE_NUMBER, CACHE_NUMBER, CACHE_NUMBER, CACHE_WORD(CACHE_STATE_MOST), CACHE_NUMBER, CACHE_NUMBER, CACHE_NUMBER};
static const struct redis_shape status_shape = {
    .kind = REDIS_IS_ARRAY, .least = STATUS_FIELDS, .most = STATUS_FIELDS, .fields = status_fields};

enum err_code cache_status(struct cache *cache, struct cache_status *status, struct err *err)
{
    struct arena arena = {0};
    redisReply *reply;
    struct text *words;
    struct version version;
    enum err_code code = redis_command(cache->redis, &status_shape, &reply, err,
                                       "HMGET %s epoch version token state books built_at build_ms", cache->meta);

    *status = (struct cache_status){0};
    if (code != ERR_OK)
        return cache_unusable(code, err);
    words = cache_words(reply, STATUS_FIELDS, &arena);
    if (words[0].len == 0)
        code = err_set(err, ERR_NOT_FOUND, "Redis: no list");
    status->version = version_read(words);
    status->is_whole = text_equal_string(words[3], "ok");
    status->books = text_number(words[4]);
    status->built_at = text_number(words[5]);
    status->build_ms = text_number(words[6]);
    freeReplyObject(reply);
    arena_free(&arena);
    if (code != ERR_OK || !status->is_whole)
        return code;
    code = cache_scan_begin(cache, &version, err);
    status->segments = cache->directory.count;
    return code == ERR_OK ? measure(cache, &status->bytes, err) : code;
}

enum err_code cache_progress(struct cache *cache, uint64_t *done, uint64_t *total, struct err *err)
{
    static const struct redis_shape shape = {.kind = REDIS_IS_TEXT, .may_be_nil = true, .most = 64};
    redisReply *reply;
    unsigned long long a, b;
    enum err_code code = redis_command(cache->redis, &shape, &reply, err, "GET %sprogress", cache->prefix);

    if (code != ERR_OK)
        return cache_unusable(code, err);
    if (reply->type != REDIS_REPLY_STRING || sscanf(reply->str, "%llu %llu", &a, &b) != 2)
        code = err_set(err, ERR_NOT_FOUND, "no rebuild is running");
    freeReplyObject(reply);
    *done = code == ERR_OK ? a : 0;
    *total = code == ERR_OK ? b : 0;
    return code;
}
