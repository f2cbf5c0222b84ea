/* Shared by cache.c (reading), cache_apply.c (applying changes) and cache_build.c (rebuilding). */
#ifndef CACHE_CACHE_PARTS_H
#define CACHE_CACHE_PARTS_H

#include "cache/cache.h"
#include "cache/directory.h"
#include "cache/redis.h"

enum {
    CACHE_NUMBER_MOST = 20,     /* bytes of a number in the meta hash */
    CACHE_STATE_MOST = 16,      /* bytes of the state there */
    CACHE_GENERATION_MOST = 40, /* bytes of the name of a generation */
};

/* A script, which Redis knows by its digest once it was loaded. */
struct cache_script {
    const char *text;
    char digest[41]; /* empty: not loaded yet */
};

struct cache_build {
    char *generation; /* NULL: nothing is being built */
    struct version version;
    struct buf rows;      /* of the current segment */
    size_t *ends;         /* end of each row in rows, where the next one starts */
    size_t count;         /* rows of the current segment */
    struct buf directory; /* entries, each followed by a NUL */
    char *first_id;       /* first ID of the current segment, as in its row */
    uint64_t segments, books;
    size_t pending;   /* commands with unread replies */
    int64_t started;  /* clock_us() */
    char seen[4][24]; /* epoch, version, token and state of the published list, "" if there was none */
};

struct cache {
    struct redis *redis;
    char *prefix; /* of all our keys, including the colon */
    char *meta;   /* key of the published list's meta hash */
    struct directory directory;
    struct directory_run *runs; /* requested by cache_page_ask */
    size_t run_count;
    struct arena runs_arena;
    size_t scan_segment; /* next one for cache_scan_next */
    struct cache_script apply, publish;
    struct cache_build build;
};

/* The shapes of an optional number or word, of a list of texts, such as rows, and of one text. */
#define CACHE_NUMBER                                                                                                   \
    {                                                                                                                  \
        .kind = REDIS_IS_NUMBER, .may_be_nil = true                                                                    \
    }
#define CACHE_WORD(bytes)                                                                                              \
    {                                                                                                                  \
        .kind = REDIS_IS_WORD, .may_be_nil = true, .most = (bytes)                                                     \
    }
extern const struct redis_shape cache_text_shape, cache_texts_shape;

/* Returns count words of an array of texts, in arena; missing ones and nil are empty. */
struct text *cache_words(const redisReply *array, size_t count, struct arena *arena);

/* Drops the staged list of this process, but not from Redis. */
void cache_build_forget(struct cache *cache);

/* Runs a script; loads it if needed. words: numkeys, keys and arguments. shape: of the reply. */
enum err_code cache_run_script(struct cache *cache, struct cache_script *script, const struct redis_shape *shape,
                               const struct text *words, size_t count, redisReply **reply, struct err *err);

/* Returns any inconsistency in Redis as ERR_NOT_FOUND: there is no usable list. */
enum err_code cache_unusable(enum err_code code, struct err *err);

#endif
