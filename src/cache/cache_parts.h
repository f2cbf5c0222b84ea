/* What cache.c (reading), cache_apply.c (applying changes) and cache_build.c (building anew) share. */
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
    struct buf rows;      /* of the segment under way */
    size_t *ends;         /* of each row within rows, and thus the beginning of the next */
    size_t count;         /* rows of the segment under way */
    struct buf directory; /* entries, each followed by a NUL */
    char *first_id;       /* of the segment under way, as in its row */
    uint64_t segments, books;
    size_t pending;   /* commands whose replies are still to be read */
    int64_t started;  /* clock_us() */
    char seen[4][24]; /* epoch, version, token and state of the published list, "" if there was none */
};

struct cache {
    struct redis *redis;
    char *prefix; /* of all our keys, with its colon */
    char *meta;   /* key of the published list's meta hash */
    struct directory directory;
    struct directory_run *runs; /* that cache_page_ask asked for */
    size_t run_count;
    struct arena runs_arena;
    size_t scan_segment; /* next to be read by cache_scan_next */
    struct cache_script apply, publish;
    struct cache_build build;
};

/* The shapes of: a number or a word that may be missing; a list of texts, such as rows; one text. */
#define CACHE_NUMBER                                                                                                   \
    {                                                                                                                  \
        .kind = REDIS_IS_NUMBER, .may_be_nil = true                                                                    \
    }
#define CACHE_WORD(bytes)                                                                                              \
    {                                                                                                                  \
        .kind = REDIS_IS_WORD, .may_be_nil = true, .most = (bytes)                                                     \
    }
extern const struct redis_shape cache_text_shape, cache_texts_shape;

/* Returns the count words of an array of texts that may be shorter, in arena; missing ones and nil are empty. */
struct text *cache_words(const redisReply *array, size_t count, struct arena *arena);

/* Runs a script: its name's digest is loaded if need be. words: numkeys, keys and arguments. shape: of its answer. */
enum err_code cache_run_script(struct cache *cache, struct cache_script *script, const struct redis_shape *shape,
                               const struct text *words, size_t count, redisReply **reply, struct err *err);

/* Whatever is wrong with what stands in Redis is ERR_NOT_FOUND: there is no list that could be used. */
enum err_code cache_unusable(enum err_code code, struct err *err);

#endif
