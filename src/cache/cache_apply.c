/* The part of cache that runs scripts and applies changes with apply.lua. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "cache/cache_parts.h"

enum { HEAD_WORDS = 10, CHANGE_WORDS = 4 }; /* arguments of a call of apply.lua; of each change */

static enum err_code load_script(struct cache *cache, struct cache_script *script, struct err *err)
{
    static const struct redis_shape digest = {.kind = REDIS_IS_WORD, .least = 40, .most = 40};
    redisReply *reply;
    enum err_code code = redis_command(cache->redis, &digest, &reply, err, "SCRIPT LOAD %s", script->text);

    if (code != ERR_OK)
        return code;
    snprintf(script->digest, sizeof script->digest, "%s", reply->str);
    freeReplyObject(reply);
    return ERR_OK;
}

enum err_code cache_run_script(struct cache *cache, struct cache_script *script, const struct redis_shape *shape,
                               const struct text *words, size_t count, redisReply **reply, struct err *err)
{
    struct text *all = mem_zero((count + 2) * sizeof *all);
    enum err_code code = redis_open(cache->redis, err);

    *reply = NULL;
    memcpy(all + 2, words, count * sizeof *all);
    all[0] = text_from_cstr("EVALSHA");
    for (int attempt = 0; attempt < 2 && code == ERR_OK; attempt++) {
        if (script->digest[0] == '\0' || attempt > 0)
            code = load_script(cache, script, err);
        all[1] = text_from_cstr(script->digest);
        if (code == ERR_OK)
            code = redis_append_words(cache->redis, shape, all, count + 2, err);
        if (code == ERR_OK)
            code = redis_reply(cache->redis, reply, err);
        if (attempt > 0 || code != ERR_INTERNAL || strncmp(err->text, "Redis: NOSCRIPT", 15) != 0)
            break;
        code = ERR_OK; /* evicted meanwhile: load it again */
    }
    free(all);
    return code;
}

enum { APPLY_WORDS = 4 };

static const struct redis_shape apply_shape = {
    .kind = REDIS_IS_ARRAY, .least = 1, .most = APPLY_WORDS, .each = &cache_text_shape};

/* Translates the reply of apply.lua. */
static enum err_code read_apply(const redisReply *reply, struct version *now, struct err *err)
{
    struct arena arena = {0};
    struct text *words = cache_words(reply, APPLY_WORDS, &arena);
    enum err_code code = ERR_OK;

    if (text_equal_string(words[0], "moved") && text_is_number(words[1]) && text_is_number(words[2]) &&
        text_is_number(words[3])) {
        *now = version_read(&words[1]);
        code = err_set(err, ERR_CONFLICT, "Redis: the list is at another version");
    } else if (text_equal_string(words[0], "broken")) {
        code = err_set(err, ERR_NOT_FOUND, "Redis: the list is inconsistent: %.*s", (int)words[1].len, words[1].at);
    } else if (!text_equal_string(words[0], "ok")) {
        code = err_set(err, ERR_NOT_FOUND, "Redis: no list");
    }
    arena_free(&arena);
    return code;
}

/* Returns the escaped ID at the start of a row. */
static struct text id_in_row(const struct change *change)
{
    const struct text row = change->after.len > 0 ? change->after : change->before;
    const char *tab = row.len > 0 ? memchr(row.at, '\t', row.len) : NULL;

    return (struct text){row.at, tab != NULL ? (size_t)(tab - row.at) : row.len};
}

static struct text number_word(struct arena *arena, uint64_t number)
{
    return text_from_cstr(arena_format(arena, "%llu", (unsigned long long)number));
}

enum err_code cache_apply(struct cache *cache, enum cache_target target, struct version at,
                          const struct change *changes, size_t count, struct version *now, struct err *err)
{
    static const char *const ops[] = {[CHANGE_ADD] = "add", [CHANGE_UPDATE] = "update", [CHANGE_DELETE] = "delete"};
    struct arena arena = {0};
    struct text *words = arena_alloc(&arena, (HEAD_WORDS + CHANGE_WORDS * count) * sizeof *words);
    size_t n = 0;
    redisReply *reply = NULL;
    enum err_code code;

    words[n++] = text_from_cstr("1");
    words[n++] = text_from_cstr(target == CACHE_PUBLISHED
                                    ? cache->meta
                                    : arena_format(&arena, "%s%s:meta", cache->prefix, cache->build.generation));
    words[n++] = text_from_cstr(cache->prefix);
    words[n++] = number_word(&arena, at.epoch);
    words[n++] = number_word(&arena, at.number);
    words[n++] = number_word(&arena, at.token);
    words[n++] = text_from_cstr(guard_is_on(GUARD_MOVED) ? "1" : "0");
    words[n++] = text_from_cstr(guard_is_on(GUARD_COUNT) ? "1" : "0");
    words[n++] = number_word(&arena, changes[count - 1].version.number);
    words[n++] = number_word(&arena, changes[count - 1].version.token);
    for (size_t i = 0; i < count; i++) {
        words[n++] = text_from_cstr(ops[changes[i].op]);
        words[n++] = id_in_row(&changes[i]);
        words[n++] = changes[i].before;
        words[n++] = changes[i].after;
    }
    code = cache_run_script(cache, &cache->apply, &apply_shape, words, n, &reply, err);
    if (code == ERR_OK)
        code = read_apply(reply, now, err);
    freeReplyObject(reply);
    arena_free(&arena);
    return cache_unusable(code, err);
}
