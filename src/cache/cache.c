#include "cache/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/guard.h"
#include "base/limits.h"
#include "base/log.h"
#include "cache/cache_parts.h"
#include "cache/scripts.h"

enum {
    ASK_ATTEMPTS = 4,       /* to read a page, since the directory may change meanwhile */
    LOG_FOLLOWED_MOST = 500 /* directory changes applied one by one; more: it is read again */
};

/* The fields of the meta hash, in the order of META_COMMAND. */
enum { EPOCH, VERSION, TOKEN, STATE, GENERATION, DIRECTORY, BOOKS, META_FIELDS };

#define META_COMMAND "HMGET %s epoch version token state generation directory books"

static const struct redis_shape meta_fields[META_FIELDS] = {
    [EPOCH] = CACHE_NUMBER,
    [VERSION] = CACHE_NUMBER,
    [TOKEN] = CACHE_NUMBER,
    [STATE] = CACHE_WORD(CACHE_STATE_MOST),
    [GENERATION] = CACHE_WORD(CACHE_GENERATION_MOST),
    [DIRECTORY] = CACHE_NUMBER,
    [BOOKS] = CACHE_NUMBER,
};
static const struct redis_shape meta_shape = {
    .kind = REDIS_IS_ARRAY, .least = META_FIELDS, .most = META_FIELDS, .fields = meta_fields};

const struct redis_shape cache_text_shape = {.kind = REDIS_IS_TEXT, .most = LIMIT_REDIS_REPLY_BYTES};
const struct redis_shape cache_texts_shape = {
    .kind = REDIS_IS_ARRAY, .most = LIMIT_REDIS_REPLY_ELEMENTS, .each = &cache_text_shape};

struct meta {
    struct version version;
    struct text generation;
    uint64_t directory;
    uint64_t books;
    bool is_whole;
};

static char *join(const char *a, const char *b)
{
    struct buf joined = {0};

    buf_add_format(&joined, "%s%s", a, b);
    return joined.at;
}

struct cache *cache_new(const struct config *config)
{
    struct cache *cache = mem_zero(sizeof *cache);

    cache->redis = redis_new(config);
    cache->prefix = join(config->cache_prefix, ":");
    cache->meta = join(cache->prefix, "meta");
    cache->apply.text = script_apply;
    cache->publish.text = script_publish;
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    cache_build_forget(cache);
    redis_free(cache->redis);
    directory_free(&cache->directory);
    arena_free(&cache->runs_arena);
    free(cache->prefix);
    free(cache->meta);
    free(cache);
}

/*
 * Writes prefix and the value of a line of INFO, such as "redis_version:7.0.15". Returns false if there is no such
 * line.
 */
static bool describe(const char *info, const char *name, const char *prefix, char *about, size_t size)
{
    static const char characters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
    const char *line = strstr(info, name);

    if (line == NULL)
        return false;
    line += strlen(name);
    snprintf(about, size, "%s%.*s", prefix, (int)strspn(line, characters), line);
    return true;
}

enum err_code cache_check(struct cache *cache, char *about, size_t size, struct err *err)
{
    redisReply *reply;
    enum err_code code = redis_command(cache->redis, &cache_text_shape, &reply, err, "INFO server");

    if (code != ERR_OK)
        return code;
    /* Valkey's redis_version is the Redis that it is compatible with. */
    if (!describe(reply->str, "valkey_version:", "Valkey ", about, size) &&
        !describe(reply->str, "redis_version:", "", about, size))
        snprintf(about, size, "of unknown version");
    freeReplyObject(reply);
    return ERR_OK;
}

enum err_code cache_open(struct cache *cache, uint64_t *connection, struct err *err)
{
    enum err_code code = redis_open(cache->redis, err);

    *connection = redis_connection(cache->redis);
    return code;
}

enum err_code cache_unusable(enum err_code code, struct err *err)
{
    if (code == ERR_INTERNAL)
        err->code = ERR_NOT_FOUND;
    return code == ERR_INTERNAL ? ERR_NOT_FOUND : code;
}

struct text *cache_words(const redisReply *array, size_t count, struct arena *arena)
{
    struct text *words = arena_alloc(arena, count * sizeof *words);

    for (size_t i = 0; i < count; i++) {
        const redisReply *word = i < array->elements ? array->element[i] : NULL;

        words[i] = word != NULL && word->str != NULL ? (struct text){word->str, word->len} : text_from_cstr("");
    }
    return words;
}

/* Parses the reply to META_COMMAND. Its texts point into the reply. */
static enum err_code read_meta(const redisReply *reply, struct meta *meta, struct err *err)
{
    struct arena arena = {0};
    struct text *words;

    words = cache_words(reply, META_FIELDS, &arena);
    *meta = (struct meta){0};
    meta->version = version_read(&words[EPOCH]);
    meta->generation = words[GENERATION];
    meta->directory = text_number(words[DIRECTORY]);
    meta->books = text_number(words[BOOKS]);
    meta->is_whole = text_equal_string(words[STATE], "ok");
    arena_free(&arena);
    if (meta->generation.len == 0)
        return err_set(err, ERR_NOT_FOUND, "Redis: no list");
    if (!meta->is_whole)
        return err_set(err, ERR_NOT_FOUND, "Redis: the list is half-changed");
    return ERR_OK;
}

/* Returns whether our copy of the directory matches meta. */
static bool is_current(const struct cache *cache, const struct meta *meta)
{
    return cache->directory.generation != NULL && text_equal_string(meta->generation, cache->directory.generation) &&
           cache->directory.version == meta->directory;
}

/* Requests the meta hash and, atomically with it, a range of a list of the generation. */
static enum err_code ask_with_meta(struct cache *cache, const char *generation, const char *list, long long first,
                                   redisReply **reply, struct err *err)
{
    enum err_code code = redis_multi(cache->redis, err);

    if (code == ERR_OK)
        code = redis_append(cache->redis, &meta_shape, err, META_COMMAND, cache->meta);
    if (code == ERR_OK)
        code = redis_append(cache->redis, &cache_texts_shape, err, "LRANGE %s%s:%s %lld -1", cache->prefix, generation,
                            list, first);
    if (code == ERR_OK)
        code = redis_exec_send(cache->redis, err);
    return code == ERR_OK ? cache_unusable(redis_exec(cache->redis, reply, err), err) : code;
}

/* Applies the directory's log from our version on. Returns ERR_CONFLICT if that does not lead to the current one. */
static enum err_code follow_log(struct cache *cache, uint64_t behind, struct err *err)
{
    redisReply *reply;
    struct meta meta;
    enum err_code code = ask_with_meta(cache, cache->directory.generation, "log", -(long long)behind, &reply, err);

    if (code != ERR_OK)
        return code;
    code = read_meta(reply->element[0], &meta, err);
    if (code == ERR_OK &&
        (!text_equal_string(meta.generation, cache->directory.generation) ||
         meta.directory != cache->directory.version + behind || reply->element[1]->elements != behind))
        code = ERR_CONFLICT;
    for (size_t i = 0; code == ERR_OK && i < behind; i++) {
        const redisReply *entry = reply->element[1]->element[i];

        if (!directory_adjust(&cache->directory, (struct text){entry->str, entry->len}))
            code = ERR_CONFLICT;
    }
    freeReplyObject(reply);
    return code;
}

/* Reads the whole directory of the generation in meta. */
static enum err_code load_directory(struct cache *cache, const char *generation, struct err *err)
{
    redisReply *reply;
    struct meta meta;
    enum err_code code = ask_with_meta(cache, generation, "directory", 0, &reply, err);

    if (code != ERR_OK)
        return code;
    code = read_meta(reply->element[0], &meta, err);
    if (code == ERR_OK)
        directory_start(&cache->directory, text_from_cstr(generation), meta.directory);
    for (size_t i = 0; code == ERR_OK && i < reply->element[1]->elements; i++) {
        const redisReply *entry = reply->element[1]->element[i];

        if (!directory_add(&cache->directory, (struct text){entry->str, entry->len}))
            code = err_set(err, ERR_NOT_FOUND, "Redis: invalid entry in the list's directory");
    }
    if (code == ERR_OK && text_equal_string(meta.generation, generation) && cache->directory.books != meta.books)
        code = err_set(err, ERR_NOT_FOUND, "Redis: the list has %llu books, its directory %llu",
                       (unsigned long long)meta.books, (unsigned long long)cache->directory.books);
    if (code != ERR_OK)
        directory_start(&cache->directory, text_from_cstr(""), 0);
    freeReplyObject(reply);
    return code;
}

/* Updates our copy of the directory to meta or later. */
static enum err_code update_directory(struct cache *cache, const struct meta *meta, struct err *err)
{
    struct arena arena = {0};
    const char *generation = text_string(&arena, meta->generation);
    enum err_code code = ERR_CONFLICT;

    if (cache->directory.generation != NULL && strcmp(cache->directory.generation, generation) == 0 &&
        meta->directory > cache->directory.version && meta->directory - cache->directory.version <= LOG_FOLLOWED_MOST)
        code = follow_log(cache, meta->directory - cache->directory.version, err);
    if (code == ERR_CONFLICT)
        code = load_directory(cache, generation, err);
    arena_free(&arena);
    return code;
}

enum err_code cache_page_ask(struct cache *cache, uint64_t offset, size_t limit, struct err *err)
{
    enum err_code code = ERR_OK;

    arena_clear(&cache->runs_arena);
    cache->run_count = directory_find(&cache->directory, offset, limit, &cache->runs_arena, &cache->runs);
    if (cache->run_count > 0) /* a single command needs no transaction */
        code = redis_multi(cache->redis, err);
    if (code == ERR_OK)
        code = redis_append(cache->redis, &meta_shape, err, META_COMMAND, cache->meta);
    for (size_t i = 0; code == ERR_OK && i < cache->run_count; i++)
        code = redis_append(cache->redis, &cache_texts_shape, err, "LRANGE %s%s:%llu %llu %llu", cache->prefix,
                            cache->directory.generation, (unsigned long long)cache->runs[i].segment,
                            (unsigned long long)cache->runs[i].first,
                            (unsigned long long)(cache->runs[i].first + cache->runs[i].count - 1));
    if (code != ERR_OK)
        return code;
    return cache->run_count > 0 ? redis_exec_send(cache->redis, err) : redis_send(cache->redis, err);
}

/* Waits for the reply to cache_page_ask. *meta: the part with the meta hash. */
static enum err_code page_reply(struct cache *cache, redisReply **reply, const redisReply **meta, struct err *err)
{
    enum err_code code =
        cache->run_count > 0 ? redis_exec(cache->redis, reply, err) : redis_reply(cache->redis, reply, err);

    if (code == ERR_OK)
        *meta = cache->run_count > 0 ? (*reply)->element[0] : *reply;
    return cache_unusable(code, err);
}

/* Appends the rows of an LRANGE reply to list, which has room. */
static enum err_code read_rows(const redisReply *rows, struct arena *arena, struct book_list *list, struct err *err)
{
    for (size_t i = 0; i < rows->elements; i++) {
        const redisReply *row = rows->element[i];

        if (!book_row_read((struct text){row->str, row->len}, &list->books[list->count], arena))
            return err_set(err, ERR_NOT_FOUND, "Redis: the list contains an invalid book");
        list->count++;
    }
    return ERR_OK;
}

/* Reads the replies for the runs. The length of each must match the directory. */
static enum err_code read_runs(struct cache *cache, const redisReply *reply, struct arena *arena,
                               struct book_list *list, struct err *err)
{
    enum err_code code = ERR_OK;
    uint64_t books = 0;

    for (size_t i = 0; i < cache->run_count; i++)
        books += reply->element[i + 1]->elements;
    *list = (struct book_list){arena_alloc(arena, (books + 1) * sizeof(struct book)), 0};
    for (size_t i = 0; code == ERR_OK && i < cache->run_count; i++) {
        const redisReply *rows = reply->element[i + 1];

        if (rows->elements != cache->runs[i].count && guard_is_on(GUARD_COUNT))
            code = err_set(err, ERR_NOT_FOUND, "Redis: the length of a segment differs from the directory");
        else
            code = read_rows(rows, arena, list, err);
    }
    return code;
}

enum err_code cache_page_answer(struct cache *cache, uint64_t offset, size_t limit, struct arena *arena,
                                struct cache_page *page, struct err *err)
{
    for (int attempt = 0; attempt < ASK_ATTEMPTS; attempt++) {
        redisReply *reply;
        const redisReply *meta_reply;
        struct meta meta;
        bool is_read = false;
        enum err_code code = attempt > 0 ? cache_page_ask(cache, offset, limit, err) : ERR_OK;

        if (code == ERR_OK)
            code = page_reply(cache, &reply, &meta_reply, err);
        if (code != ERR_OK)
            return code;
        code = read_meta(meta_reply, &meta, err);
        if (code == ERR_OK && is_current(cache, &meta) && meta.books != cache->directory.books) {
            code = err_set(err, ERR_NOT_FOUND, "Redis: the number of books differs from the directory");
        } else if (code == ERR_OK && is_current(cache, &meta)) {
            is_read = true;
            page->version = meta.version;
            page->total = meta.books;
            code = read_runs(cache, reply, arena, &page->list, err);
        } else if (code == ERR_OK) {
            code = update_directory(cache, &meta, err);
        }
        freeReplyObject(reply);
        if (is_read || code != ERR_OK)
            return code;
    }
    return err_set(err, ERR_UNAVAILABLE, "Redis: the directory changes faster than it can be read");
}

enum err_code cache_scan_begin(struct cache *cache, struct version *version, struct err *err)
{
    redisReply *reply;
    struct meta meta;
    enum err_code code =
        cache_unusable(redis_command(cache->redis, &meta_shape, &reply, err, META_COMMAND, cache->meta), err);

    if (code != ERR_OK)
        return code;
    code = read_meta(reply, &meta, err);
    if (code == ERR_OK && !is_current(cache, &meta))
        code = update_directory(cache, &meta, err);
    *version = meta.version;
    cache->scan_segment = 0;
    freeReplyObject(reply);
    return code;
}

enum err_code cache_scan_next(struct cache *cache, struct arena *arena, struct book_list *list, struct version *version,
                              struct err *err)
{
    redisReply *reply;
    const redisReply *meta_reply;
    struct meta meta;
    uint64_t offset = 0;
    enum err_code code;

    if (cache->scan_segment >= cache->directory.count)
        return err_set(err, ERR_NOT_FOUND, "no more segments");
    for (size_t i = 0; i < cache->scan_segment; i++)
        offset += cache->directory.segments[i].count;
    code = cache_page_ask(cache, offset, cache->directory.segments[cache->scan_segment].count, err);
    if (code == ERR_OK)
        code = page_reply(cache, &reply, &meta_reply, err);
    if (code != ERR_OK)
        return code == ERR_NOT_FOUND ? ERR_INTERNAL : code;
    code = read_meta(meta_reply, &meta, err);
    if (code == ERR_OK && !is_current(cache, &meta))
        code = err_set(err, ERR_CONFLICT, "books were added or deleted meanwhile");
    if (code == ERR_OK)
        code = read_runs(cache, reply, arena, list, err);
    freeReplyObject(reply);
    *version = meta.version;
    cache->scan_segment++;
    return code == ERR_NOT_FOUND ? ERR_INTERNAL : code;
}
