#include "catalogue/redis.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

enum { PAUSE_US = 1000000 }; /* after a time-out or a refusal to let us in, before the next try */

/* What a URL says. The strings live in the arena it was read into; an empty one was not given. */
struct address {
    const char *path; /* of a unix socket, or NULL */
    const char *host;
    int port;
    const char *user, *password;
    long database;
};

struct redis {
    const struct config *config;
    redisContext *context; /* NULL while there is no connection */
    int64_t retry_at;      /* clock_us() before which no connection is tried */
    uint64_t connections;  /* opened so far */
    size_t queued;         /* commands of the transaction that is put together */
};

struct redis *redis_new(const struct config *config)
{
    struct redis *redis = mem_zero(sizeof *redis);

    redis->config = config;
    return redis;
}

void redis_close(struct redis *redis)
{
    if (redis->context != NULL)
        redisFree(redis->context);
    redis->context = NULL;
}

void redis_free(struct redis *redis)
{
    if (redis == NULL)
        return;
    redis_close(redis);
    free(redis);
}

/* Reads a whole number from 0 to most. Returns -1 if s is none. */
static long read_number(const char *s, long most)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(s, &end, 10);
    return errno != 0 || end == s || *end != '\0' || number < 0 || number > most ? -1 : number;
}

/* Takes what stands before the '@', if there is one, as [user:]password, percent-decoded. Returns what follows. */
static char *read_credentials(char *s, struct address *address, struct arena *arena)
{
    char *at = strrchr(s, '@');
    char *colon;

    if (at == NULL)
        return s;
    *at = '\0';
    colon = strchr(s, ':');
    if (colon != NULL)
        *colon = '\0';
    address->user = colon != NULL ? text_percent_decode(arena, text_of(s), false).at : "";
    address->password = text_percent_decode(arena, text_of(colon != NULL ? colon + 1 : s), false).at;
    return at + 1;
}

/* Reads unix://[user:password@]/path[?db=N], the scheme already taken off. */
static bool read_unix(char *s, struct address *address, struct arena *arena)
{
    char *query = strstr(s, "?db=");

    if (query != NULL) {
        *query = '\0';
        address->database = read_number(query + 4, 1000000);
    }
    address->path = read_credentials(s, address, arena);
    return address->path[0] == '/' && address->database >= 0;
}

/* Reads redis://[user:password@]host[:port][/N], the scheme already taken off. */
static bool read_tcp(char *s, struct address *address, struct arena *arena)
{
    char *host = read_credentials(s, address, arena);
    char *slash = strchr(host, '/');
    char *colon;

    if (slash != NULL) {
        *slash = '\0';
        if (slash[1] != '\0')
            address->database = read_number(slash + 1, 1000000);
    }
    if (*host == '[') { /* an IPv6 address */
        char *bracket = strchr(host, ']');

        if (bracket == NULL)
            return false;
        *bracket = '\0';
        host++;
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    } else {
        colon = strchr(host, ':');
    }
    if (colon != NULL) {
        *colon = '\0';
        address->port = (int)read_number(colon + 1, 65535);
    }
    address->host = host;
    return *host != '\0' && address->port > 0 && address->database >= 0;
}

static enum err_code read_url(const char *url, struct address *address, struct arena *arena, struct err *err)
{
    char *copy = arena_copy(arena, url, strlen(url));
    bool fine = false;

    *address = (struct address){.port = 6379, .user = "", .password = ""};
    if (strncasecmp(copy, "unix://", 7) == 0)
        fine = read_unix(copy + 7, address, arena);
    else if (strncasecmp(copy, "redis://", 8) == 0)
        fine = read_tcp(copy + 8, address, arena);
    return fine ? ERR_OK
                : err_set(err, ERR_UNAVAILABLE,
                          "Redis: BOOKSHARE_REDIS_URL is neither redis://[user:password@]host[:port][/number] nor "
                          "unix://[user:password@]/path[?db=number]");
}

static struct timeval milliseconds(long ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* Takes the error of the context and closes the connection; after a time-out it rests for a while. */
static enum err_code fail(struct redis *redis, const char *doing, struct err *err)
{
    const redisContext *context = redis->context;

    if (context != NULL && context->err == REDIS_ERR_IO &&
        (errno == EAGAIN || errno == EINPROGRESS || errno == ETIMEDOUT)) {
        redis->retry_at = clock_us() + PAUSE_US;
        err_set(err, ERR_UNAVAILABLE, "Redis: %s: no answer in time", doing);
    } else {
        err_set(err, ERR_UNAVAILABLE, "Redis: %s: %s", doing, context != NULL ? context->errstr : "out of memory");
    }
    redis_close(redis);
    return ERR_UNAVAILABLE;
}

/* Sends a command that only has to succeed. */
static enum err_code expect_ok(struct redis *redis, struct err *err, redisReply *reply, const char *doing)
{
    if (reply == NULL)
        return fail(redis, doing, err);
    if (reply->type == REDIS_REPLY_ERROR) {
        err_set(err, ERR_UNAVAILABLE, "Redis: %s: %s", doing, reply->str);
        freeReplyObject(reply);
        redis_close(redis);
        redis->retry_at = clock_us() + PAUSE_US;
        return ERR_UNAVAILABLE;
    }
    freeReplyObject(reply);
    return ERR_OK;
}

/* Says who we are and chooses the database. */
static enum err_code introduce(struct redis *redis, const struct address *address, struct err *err)
{
    redisReply *reply;
    enum err_code code = ERR_OK;

    if (address->password[0] != '\0') {
        reply = address->user[0] != '\0' ? redisCommand(redis->context, "AUTH %s %s", address->user, address->password)
                                         : redisCommand(redis->context, "AUTH %s", address->password);
        code = expect_ok(redis, err, reply, "log in");
    }
    if (code == ERR_OK && address->database > 0) {
        reply = redisCommand(redis->context, "SELECT %ld", address->database);
        code = expect_ok(redis, err, reply, "select the database");
    }
    return code;
}

enum err_code redis_open(struct redis *redis, struct err *err)
{
    struct arena arena = {0};
    struct address address;
    struct timeval connect_timeout = milliseconds(redis->config->redis_connect_ms);
    enum err_code code;

    if (redis->context != NULL)
        return ERR_OK;
    if (clock_us() < redis->retry_at)
        return err_set(err, ERR_UNAVAILABLE, "Redis: failed a moment ago; not tried again yet");
    code = read_url(redis->config->redis_url, &address, &arena, err);
    if (code != ERR_OK)
        goto out;
    redis->context = address.path != NULL ? redisConnectUnixWithTimeout(address.path, connect_timeout)
                                          : redisConnectWithTimeout(address.host, address.port, connect_timeout);
    if (redis->context == NULL || redis->context->err != 0) {
        code = fail(redis, "connect", err);
        goto out;
    }
    redis_set_timeout(redis, 0);
    code = introduce(redis, &address, err);
    if (code == ERR_OK) {
        redis->connections++;
        log_debug("Redis: connected");
    }
out:
    arena_free(&arena);
    return code;
}

void redis_set_timeout(struct redis *redis, long ms)
{
    if (redis->context != NULL)
        redisSetTimeout(redis->context, milliseconds(ms > 0 ? ms : redis->config->redis_timeout_ms));
}

enum err_code redis_append(struct redis *redis, struct err *err, const char *format, ...)
{
    va_list args;
    int result;

    va_start(args, format);
    result = redisvAppendCommand(redis->context, format, args);
    va_end(args);
    redis->queued++;
    return result == REDIS_OK ? ERR_OK : fail(redis, "put a command together", err);
}

enum err_code redis_append_words(struct redis *redis, const struct text *words, size_t count, struct err *err)
{
    const char **at = mem_zero(count * sizeof *at);
    size_t *len = mem_zero(count * sizeof *len);
    int result;

    for (size_t i = 0; i < count; i++) {
        at[i] = words[i].len > 0 ? words[i].at : "";
        len[i] = words[i].len;
    }
    result = redisAppendCommandArgv(redis->context, (int)count, at, len);
    free(at);
    free(len);
    redis->queued++;
    return result == REDIS_OK ? ERR_OK : fail(redis, "put a command together", err);
}

/* Whether an error tells of the server's state, which may be better in a moment, rather than of what we asked. */
static bool is_state_error(const char *error)
{
    static const char *const kinds[] = {"LOADING ", "OOM ",        "READONLY ",    "MASTERDOWN ",
                                        "BUSY ",    "MISCONF ",    "CLUSTERDOWN ", "NOAUTH ",
                                        "NOPERM ",  "NOREPLICAS ", "TRYAGAIN ",    "WRONGPASS "};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(error, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

/* Translates a reply that is an error, which is freed and made NULL. */
static enum err_code judge(redisReply **reply, const redisReply *error, struct err *err)
{
    const enum err_code code = is_state_error(error->str) ? ERR_UNAVAILABLE : ERR_INTERNAL;

    err_set(err, code, "Redis: %s", error->str);
    freeReplyObject(*reply);
    *reply = NULL;
    return code;
}

enum err_code redis_reply(struct redis *redis, redisReply **reply, struct err *err)
{
    void *got = NULL;

    *reply = NULL;
    if (redisGetReply(redis->context, &got) != REDIS_OK)
        return fail(redis, "wait for a reply", err);
    *reply = got;
    return (*reply)->type == REDIS_REPLY_ERROR ? judge(reply, *reply, err) : ERR_OK;
}

enum err_code redis_multi(struct redis *redis, struct err *err)
{
    enum err_code code = redis_append(redis, err, "MULTI");

    redis->queued = 0;
    return code;
}

enum err_code redis_send(struct redis *redis, struct err *err)
{
    int is_done = 0;

    while (!is_done)
        if (redisBufferWrite(redis->context, &is_done) != REDIS_OK)
            return fail(redis, "send", err);
    return ERR_OK;
}

enum err_code redis_exec_send(struct redis *redis, struct err *err)
{
    enum err_code code = redis_append(redis, err, "EXEC");

    redis->queued--; /* EXEC itself is not one of them */
    return code == ERR_OK ? redis_send(redis, err) : code;
}

enum err_code redis_exec(struct redis *redis, redisReply **reply, struct err *err)
{
    enum err_code code = ERR_OK;

    for (size_t i = 0; i <= redis->queued && redis->context != NULL; i++) { /* MULTI's OK, then QUEUED each */
        struct err later;
        enum err_code one = redis_reply(redis, reply, code == ERR_OK ? err : &later);

        freeReplyObject(*reply);
        code = code == ERR_OK ? one : code;
    }
    *reply = NULL;
    if (redis->context != NULL) {
        struct err later;
        enum err_code last = redis_reply(redis, reply, code == ERR_OK ? err : &later);

        code = code == ERR_OK ? last : code;
    }
    if (code == ERR_OK && (*reply)->type != REDIS_REPLY_ARRAY)
        code = err_set(err, ERR_INTERNAL, "Redis: a transaction was not carried out");
    for (size_t i = 0; code == ERR_OK && i < (*reply)->elements; i++)
        if ((*reply)->element[i]->type == REDIS_REPLY_ERROR)
            code = judge(reply, (*reply)->element[i], err);
    if (code != ERR_OK && *reply != NULL) {
        freeReplyObject(*reply);
        *reply = NULL;
    }
    return code;
}

uint64_t redis_connection(const struct redis *redis)
{
    return redis->context != NULL ? redis->connections : 0;
}

enum err_code redis_command(struct redis *redis, redisReply **reply, struct err *err, const char *format, ...)
{
    va_list args;
    int result;
    enum err_code code = redis_open(redis, err);

    *reply = NULL;
    if (code != ERR_OK)
        return code;
    va_start(args, format);
    result = redisvAppendCommand(redis->context, format, args);
    va_end(args);
    return result == REDIS_OK ? redis_reply(redis, reply, err) : fail(redis, "put a command together", err);
}
