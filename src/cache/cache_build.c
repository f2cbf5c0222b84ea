/* The half of cache that builds a list next to the published one, replaces that one and cleans up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/guard.h"
#include "base/limits.h"
#include "base/log.h"
#include "cache/cache.h"
#include "cache/cache_parts.h"

enum {
    SEGMENT_ROWS = 1000,  /* of a new segment */
    PUSH_ROWS = 250,      /* rows per command; keeps each well below a millisecond in Redis */
    PENDING_MOST = 64,    /* commands in flight */
    STAGED_LIFE_S = 1800, /* expiry of staged keys */
    PROGRESS_LIFE_S = 30,
    SWEEP_KEYS = 500,           /* COUNT of a SCAN */
    SWEEP_LIMIT_US = 600000000, /* maximum duration of the scan; a faulty server might never end it */
    CURSOR_MOST = 20            /* bytes of a cursor */
};

/* Reads pending replies until at most most are left. Returns the first error. */
static enum err_code read_pending(struct cache *cache, size_t most, struct err *err)
{
    enum err_code code = ERR_OK;

    while (cache->build.pending > most && redis_connection(cache->redis) != 0) {
        redisReply *reply;
        struct err later;
        enum err_code one = redis_reply(cache->redis, &reply, code == ERR_OK ? err : &later);

        freeReplyObject(reply);
        code = code == ERR_OK ? one : code;
        cache->build.pending--;
    }
    if (redis_connection(cache->redis) == 0)
        cache->build.pending = 0;
    return code;
}

/* Sends a command of which only the error matters. shape: of the reply. */
static enum err_code send_words(struct cache *cache, const struct redis_shape *shape, const struct text *words,
                                size_t count, struct err *err)
{
    enum err_code code = redis_open(cache->redis, err);

    if (code == ERR_OK)
        code = redis_append_words(cache->redis, shape, words, count, err);
    if (code != ERR_OK)
        return code;
    cache->build.pending++;
    return cache->build.pending > PENDING_MOST ? read_pending(cache, PENDING_MOST / 2, err) : ERR_OK;
}

void cache_build_forget(struct cache *cache)
{
    struct cache_build *build = &cache->build;
    struct err ignored;

    read_pending(cache, 0, &ignored);
    free(build->generation);
    free(build->ends);
    buf_free(&build->rows);
    buf_free(&build->directory);
    *build = (struct cache_build){0};
}

enum err_code cache_build_begin(struct cache *cache, struct version version, struct err *err)
{
    struct cache_build *build = &cache->build;
    struct buf generation = {0};
    struct timespec now;
    enum err_code code = redis_open(cache->redis, err);

    if (code != ERR_OK)
        return code;
    redis_extend_timeout(cache->redis, LIMIT_REDIS_BUILD_TIMES);
    clock_gettime(CLOCK_REALTIME, &now);
    buf_add_format(&generation, "%llx-%x",
                   (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000,
                   (unsigned)getpid());
    build->generation = generation.at;
    build->version = version;
    build->ends = mem_zero((SEGMENT_ROWS + 1) * sizeof *build->ends);
    build->started = clock_us();
    return ERR_OK;
}

/* Sends the rows of the current segment and adds it to the directory. */
static enum err_code flush_segment(struct cache *cache, struct err *err)
{
    struct cache_build *build = &cache->build;
    struct arena arena = {0};
    struct text words[2 + PUSH_ROWS];
    const char *tab;
    enum err_code code = ERR_OK;

    if (build->count == 0)
        return ERR_OK;
    build->segments++;
    words[0] = text_from_cstr("RPUSH");
    words[1] = text_from_cstr(
        arena_format(&arena, "%s%s:%llu", cache->prefix, build->generation, (unsigned long long)build->segments));
    for (size_t i = 0; code == ERR_OK && i < build->count; i += PUSH_ROWS) {
        size_t n = 2;

        for (size_t j = i; j < build->count && j < i + PUSH_ROWS; j++)
            words[n++] = (struct text){build->rows.at + build->ends[j], build->ends[j + 1] - build->ends[j]};
        code = send_words(cache, &redis_shape_count, words, n, err);
    }
    words[0] = text_from_cstr("EXPIRE");
    words[2] = text_from_cstr(arena_format(&arena, "%d", STAGED_LIFE_S));
    if (code == ERR_OK)
        code = send_words(cache, &redis_shape_count, words, 3, err);
    tab = memchr(build->rows.at, '\t', build->rows.len);
    buf_add_format(&build->directory, "%llu\t%zu\t%.*s", (unsigned long long)build->segments, build->count,
                   (int)(tab - build->rows.at), build->rows.at);
    buf_add_char(&build->directory, '\0');
    build->books += build->count;
    build->count = 0;
    buf_clear(&build->rows);
    arena_free(&arena);
    return code;
}

enum err_code cache_build_add(struct cache *cache, const struct book *book, struct err *err)
{
    struct cache_build *build = &cache->build;

    book_row_write(&build->rows, book);
    build->ends[++build->count] = build->rows.len;
    return build->count == SEGMENT_ROWS ? flush_segment(cache, err) : ERR_OK;
}

/* Sends the directory of the staged list. */
static enum err_code send_directory(struct cache *cache, struct arena *arena, struct err *err)
{
    struct cache_build *build = &cache->build;
    struct text words[2 + PUSH_ROWS];
    size_t n = 2;
    enum err_code code = ERR_OK;

    words[0] = text_from_cstr("RPUSH");
    words[1] = text_from_cstr(arena_format(arena, "%s%s:directory", cache->prefix, build->generation));
    for (size_t at = 0; code == ERR_OK && at < build->directory.len; at += words[n - 1].len + 1) {
        if (n == 2 + PUSH_ROWS) {
            code = send_words(cache, &redis_shape_count, words, n, err);
            n = 2;
        }
        words[n++] = text_from_cstr(build->directory.at + at);
    }
    if (code == ERR_OK && n > 2)
        code = send_words(cache, &redis_shape_count, words, n, err);
    words[0] = text_from_cstr("EXPIRE");
    words[2] = text_from_cstr(arena_format(arena, "%d", STAGED_LIFE_S));
    return code == ERR_OK ? send_words(cache, &redis_shape_count, words, 3, err) : code;
}

enum err_code cache_build_finish(struct cache *cache, struct err *err)
{
    struct cache_build *build = &cache->build;
    struct arena arena = {0};
    redisReply *reply;
    enum err_code code = flush_segment(cache, err);

    if (code == ERR_OK)
        code = send_directory(cache, &arena, err);
    if (code == ERR_OK)
        code = read_pending(cache, 0, err);
    if (code == ERR_OK) {
        code = redis_command(
            cache->redis, &redis_shape_count, &reply, err,
            "HSET %s%s:meta epoch %llu version %llu token %llu state ok generation %s directory 0 books %llu next %llu "
            "built_at %lld build_ms %lld",
            cache->prefix, build->generation, (unsigned long long)build->version.epoch,
            (unsigned long long)build->version.number, (unsigned long long)build->version.token, build->generation,
            (unsigned long long)build->books, (unsigned long long)build->segments + 1, (long long)time(NULL),
            (long long)(clock_us() - build->started) / 1000);
        freeReplyObject(reply);
    }
    if (code == ERR_OK) {
        code = redis_command(cache->redis, &redis_shape_count, &reply, err, "EXPIRE %s%s:meta %d", cache->prefix,
                             build->generation, STAGED_LIFE_S);
        freeReplyObject(reply);
    }
    arena_free(&arena);
    return code;
}

enum { SEEN_FIELDS = 4 };

static const struct redis_shape seen_fields[SEEN_FIELDS] = {CACHE_NUMBER, CACHE_NUMBER, CACHE_NUMBER,
                                                            CACHE_WORD(CACHE_STATE_MOST)};
static const struct redis_shape seen_shape = {
    .kind = REDIS_IS_ARRAY, .least = SEEN_FIELDS, .most = SEEN_FIELDS, .fields = seen_fields};

enum err_code cache_seen(struct cache *cache, struct version *version, struct err *err)
{
    struct arena arena = {0};
    redisReply *reply;
    struct text *words;
    enum err_code code =
        redis_command(cache->redis, &seen_shape, &reply, err, "HMGET %s epoch version token state", cache->meta);

    if (code == ERR_INTERNAL) { /* another type of value has our name */
        code = redis_command(cache->redis, &redis_shape_count, &reply, err, "UNLINK %s", cache->meta);
        freeReplyObject(reply);
        if (code == ERR_OK)
            code = redis_command(cache->redis, &seen_shape, &reply, err, "HMGET %s epoch version token state",
                                 cache->meta);
    }
    if (code != ERR_OK)
        return code;
    words = cache_words(reply, SEEN_FIELDS, &arena);
    for (size_t i = 0; i < SEEN_FIELDS; i++)
        snprintf(cache->build.seen[i], sizeof cache->build.seen[i], "%.*s", (int)words[i].len, words[i].at);
    *version = version_read(words);
    if (words[0].len == 0)
        code = err_set(err, ERR_NOT_FOUND, "Redis: no list");
    freeReplyObject(reply);
    arena_free(&arena);
    return code;
}

enum err_code cache_build_publish(struct cache *cache, struct err *err)
{
    struct cache_build *build = &cache->build;
    struct arena arena = {0};
    const struct text words[] = {
        text_from_cstr("2"),
        text_from_cstr(cache->meta),
        text_from_cstr(arena_format(&arena, "%s%s:meta", cache->prefix, build->generation)),
        text_from_cstr(build->seen[0]),
        text_from_cstr(build->seen[1]),
        text_from_cstr(build->seen[2]),
        text_from_cstr(build->seen[3]),
        text_from_cstr(guard_is_on(GUARD_FORWARD) ? "1" : "0"),
    };
    static const struct redis_shape shape = {.kind = REDIS_IS_WORD, .least = 1, .most = 16};
    redisReply *reply = NULL;
    enum err_code code =
        cache_run_script(cache, &cache->publish, &shape, words, sizeof words / sizeof *words, &reply, err);

    if (code == ERR_OK && strcmp(reply->str, "ok") != 0)
        code = err_set(err, strcmp(reply->str, "missing") == 0 ? ERR_NOT_FOUND : ERR_CONFLICT,
                       "Redis: cannot publish the new list: %s", reply->str);
    freeReplyObject(reply);
    arena_free(&arena);
    return code;
}

/* Appends text to a SCAN pattern, escaped. */
static void add_literal(struct buf *pattern, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("*?[]\\", *text) != NULL)
            buf_add_char(pattern, '\\');
        buf_add_char(pattern, *text);
    }
}

/* Returns whether a key belongs to the published list. */
static bool is_kept(const struct cache *cache, struct text key, const char *keep)
{
    const size_t prefix = strlen(cache->prefix), len = keep != NULL ? strlen(keep) : 0;

    if (keep == NULL)
        return false;
    return text_equal_string(key, cache->meta) ||
           (key.len > prefix + len && memcmp(key.at + prefix, keep, len) == 0 && key.at[prefix + len] == ':');
}

/* The reply of SCAN: a cursor and keys. */
static const struct redis_shape scan_fields[2] = {
    {.kind = REDIS_IS_WORD, .least = 1, .most = CURSOR_MOST},
    {.kind = REDIS_IS_ARRAY, .most = LIMIT_REDIS_REPLY_ELEMENTS, .each = &cache_text_shape},
};
static const struct redis_shape scan_shape = {.kind = REDIS_IS_ARRAY, .least = 2, .most = 2, .fields = scan_fields};

/* Of some keys, makes those of generation keep permanent and removes the rest. */
static enum err_code sweep_some(struct cache *cache, const char *keep, const redisReply *keys, struct err *err)
{
    const size_t prefix = strlen(cache->prefix);
    enum err_code code = ERR_OK;

    for (size_t i = 0; code == ERR_OK && i < keys->elements; i++) {
        const struct text key = {keys->element[i]->str, keys->element[i]->len};
        const struct text words[] = {text_from_cstr(is_kept(cache, key, keep) ? "PERSIST" : "UNLINK"), key};

        if (key.len >= prefix && memcmp(key.at, cache->prefix, prefix) == 0)
            code = send_words(cache, &redis_shape_count, words, 2, err);
    }
    return code == ERR_OK ? read_pending(cache, 0, err) : code;
}

/* Scans all our keys: makes those of generation keep permanent and removes the rest. */
static enum err_code sweep(struct cache *cache, const char *keep, struct err *err)
{
    const int64_t until = clock_us() + SWEEP_LIMIT_US;
    struct buf pattern = {0};
    char cursor[CURSOR_MOST + 1] = "0";
    enum err_code code;

    add_literal(&pattern, cache->prefix);
    buf_add_char(&pattern, '*');
    do {
        redisReply *reply;

        code = redis_command(cache->redis, &scan_shape, &reply, err, "SCAN %s MATCH %s COUNT %d", cursor, pattern.at,
                             SWEEP_KEYS);
        if (code != ERR_OK)
            break;
        snprintf(cursor, sizeof cursor, "%s", reply->element[0]->str);
        code = sweep_some(cache, keep, reply->element[1], err);
        freeReplyObject(reply);
        if (code == ERR_OK && clock_us() > until)
            code = err_set(err, ERR_UNAVAILABLE, "Redis: SCAN does not end");
    } while (code == ERR_OK && strcmp(cursor, "0") != 0);
    buf_free(&pattern);
    return code;
}

/* Makes the published list permanent and removes all our other keys. */
static enum err_code keep_published(struct cache *cache, struct err *err)
{
    static const struct redis_shape generation = CACHE_WORD(CACHE_GENERATION_MOST);
    redisReply *reply;
    enum err_code code = redis_command(cache->redis, &generation, &reply, err, "HGET %s generation", cache->meta);

    if (code == ERR_OK)
        code = sweep(cache, reply->type == REDIS_REPLY_STRING ? reply->str : NULL, err);
    freeReplyObject(reply);
    return code;
}

enum err_code cache_build_end(struct cache *cache, struct err *err)
{
    if (cache->build.generation == NULL)
        return ERR_OK;
    cache_build_forget(cache);
    return keep_published(cache, err);
}

enum err_code cache_clear(struct cache *cache, struct err *err)
{
    redisReply *reply;
    enum err_code code = redis_command(cache->redis, &redis_shape_count, &reply, err, "UNLINK %s", cache->meta);

    freeReplyObject(reply);
    return code == ERR_OK ? sweep(cache, NULL, err) : code;
}

enum err_code cache_tell_progress(struct cache *cache, uint64_t done, uint64_t total, struct err *err)
{
    struct arena arena = {0};
    const struct text words[] = {
        text_from_cstr("SET"),
        text_from_cstr(arena_format(&arena, "%sprogress", cache->prefix)),
        text_from_cstr(arena_format(&arena, "%llu %llu", (unsigned long long)done, (unsigned long long)total)),
        text_from_cstr("EX"),
        text_from_cstr(arena_format(&arena, "%d", PROGRESS_LIFE_S)),
    };
    enum err_code code = send_words(cache, &redis_shape_status, words, sizeof words / sizeof *words, err);

    arena_free(&arena);
    return code;
}
