#include "cache/redis.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "cache/redis_address.h"
#include "cache/redis_probe.h"

enum {
    PAUSE_US = 1000000, /* pause after a timeout or a rejected login */
    WHOLE_TIMES = 10    /* timeouts within which a reply must be complete: each of its bytes may take one */
};

struct redis {
    const struct config *config;
    redisContext *context; /* NULL while there is no connection */
    int64_t retry_at;      /* clock_us() of the next connection attempt */
    bool is_hung;          /* the server timed out: it is probed before a request waits for it again */
    struct redis_probe probe;
    uint64_t connections; /* number of connections opened so far */
    long timeout_ms;      /* for a reply */

    /* The shapes of the pending replies, in order. The memory is reused once there are none. */
    struct redis_shape *asked;
    size_t asked_from, asked_count, asked_capacity;
};

struct redis *redis_new(const struct config *config)
{
    struct redis *redis = mem_zero(sizeof *redis);

    redis->config = config;
    redis->timeout_ms = config->redis_timeout_ms;
    return redis;
}

void redis_close(struct redis *redis)
{
    if (redis->context != NULL)
        redisFree(redis->context);
    redis->context = NULL;
    redis->asked_from = redis->asked_count = 0;
}

void redis_free(struct redis *redis)
{
    if (redis == NULL)
        return;
    redis_close(redis);
    redis_probe_end(&redis->probe);
    free(redis->asked);
    free(redis);
}

static struct timeval milliseconds(long ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* Translates the error of the context and closes the connection; a timeout starts a pause. */
static enum err_code fail(struct redis *redis, const char *doing, struct err *err)
{
    const redisContext *context = redis->context;

    if (context != NULL && context->err == REDIS_ERR_IO &&
        (errno == EAGAIN || errno == EINPROGRESS || errno == ETIMEDOUT)) {
        redis->retry_at = clock_us() + PAUSE_US;
        redis->is_hung = true;
        err_set(err, ERR_UNAVAILABLE, "Redis: %s: timeout", doing);
    } else {
        err_set(err, ERR_UNAVAILABLE, "Redis: %s: %s", doing, context != NULL ? context->errstr : "out of memory");
    }
    redis_close(redis);
    return ERR_UNAVAILABLE;
}

void redis_extend_timeout(struct redis *redis, int times)
{
    redis->timeout_ms = times * redis->config->redis_timeout_ms;
    if (redis->context != NULL)
        redisSetTimeout(redis->context, milliseconds(redis->timeout_ms));
}

/* Appends the shape of the reply to the command being sent. */
static void expect(struct redis *redis, const struct redis_shape *shape)
{
    if (redis->asked_from == redis->asked_count)
        redis->asked_from = redis->asked_count = 0;
    if (redis->asked_count == redis->asked_capacity) {
        redis->asked_capacity = redis->asked_capacity > 0 ? redis->asked_capacity * 2 : 16;
        redis->asked = mem_grow(redis->asked, redis->asked_capacity * sizeof *redis->asked);
    }
    redis->asked[redis->asked_count++] = *shape;
}

static enum err_code append(struct redis *redis, struct err *err, const char *format, va_list args)
{
    return redisvAppendCommand(redis->context, format, args) == REDIS_OK ? ERR_OK
                                                                         : fail(redis, "format a command", err);
}

enum err_code redis_append(struct redis *redis, const struct redis_shape *shape, struct err *err, const char *format,
                           ...)
{
    va_list args;
    enum err_code code;

    expect(redis, shape);
    va_start(args, format);
    code = append(redis, err, format, args);
    va_end(args);
    return code;
}

enum err_code redis_append_words(struct redis *redis, const struct redis_shape *shape, const struct text *words,
                                 size_t count, struct err *err)
{
    const char **at = mem_zero(count * sizeof *at);
    size_t *len = mem_zero(count * sizeof *len);
    int result;

    for (size_t i = 0; i < count; i++) {
        at[i] = words[i].len > 0 ? words[i].at : "";
        len[i] = words[i].len;
    }
    expect(redis, shape);
    result = redisAppendCommandArgv(redis->context, (int)count, at, len);
    free(at);
    free(len);
    return result == REDIS_OK ? ERR_OK : fail(redis, "format a command", err);
}

/* Returns whether an error is due to the server's state, which may soon change, and not to our command. */
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

/* Translates an error reply. */
static enum err_code judge(const redisReply *error, struct err *err)
{
    return err_set(err, is_state_error(error->str) ? ERR_UNAVAILABLE : ERR_INTERNAL, "Redis: %s", error->str);
}

/* Returns the error in a reply: itself or an element; NULL if there is none. */
static const redisReply *error_in(const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ERROR)
        return reply;
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
        if (reply->element[i] != NULL && reply->element[i]->type == REDIS_REPLY_ERROR)
            return reply->element[i];
    return NULL;
}

enum err_code redis_send(struct redis *redis, struct err *err)
{
    int is_done = 0;

    while (!is_done)
        if (redisBufferWrite(redis->context, &is_done) != REDIS_OK)
            return fail(redis, "send", err);
    return ERR_OK;
}

/* Reads bytes until the next reply is complete, with limits on its size and time. */
static enum err_code receive(struct redis *redis, void **got, struct err *err)
{
    const int64_t until = clock_us() + WHOLE_TIMES * redis->timeout_ms * 1000;
    const redisContext *context = redis->context;
    size_t received = 0;

    *got = NULL;
    if (redisGetReplyFromReader(redis->context, got) != REDIS_OK)
        return fail(redis, "read a reply", err);
    while (*got == NULL) {
        const size_t before = context->reader->len;

        if (redisBufferRead(redis->context) != REDIS_OK)
            return fail(redis, "wait for a reply", err);
        received += context->reader->len > before ? context->reader->len - before : 0;
        if (redisGetReplyFromReader(redis->context, got) != REDIS_OK)
            return fail(redis, "read a reply", err);
        if (*got == NULL && (received > LIMIT_REDIS_REPLY_BYTES || clock_us() > until)) {
            redis_close(redis);
            redis->retry_at = clock_us() + PAUSE_US;
            return err_set(err, ERR_UNAVAILABLE, "Redis: endless reply");
        }
    }
    return ERR_OK;
}

/*
 * Waits for the next reply and checks its shape: the only place where replies are checked. After a reply of another
 * shape the following ones cannot be trusted, so the connection is closed.
 */
static enum err_code take(struct redis *redis, const struct redis_shape *shape, redisReply **reply, struct err *err)
{
    const redisReply *error;
    void *got = NULL;
    enum err_code code = redis_send(redis, err);

    *reply = NULL;
    if (code == ERR_OK)
        code = receive(redis, &got, err);
    if (code != ERR_OK)
        return code;
    error = error_in(got);
    if (error == NULL && redis_shape_fits(shape, got)) {
        *reply = got;
        return ERR_OK;
    }
    code = error != NULL ? judge(error, err) : err_set(err, ERR_INTERNAL, "Redis: unexpected reply");
    freeReplyObject(got);
    if (error == NULL)
        redis_close(redis);
    return code;
}

enum err_code redis_reply(struct redis *redis, redisReply **reply, struct err *err)
{
    *reply = NULL;
    if (redis->context == NULL || redis->asked_from == redis->asked_count)
        return err_set(err, ERR_UNAVAILABLE, "Redis: no reply is pending on this connection");
    return take(redis, &redis->asked[redis->asked_from++], reply, err);
}

enum err_code redis_multi(struct redis *redis, struct err *err)
{
    return redis_append(redis, &redis_shape_status, err, "MULTI");
}

enum err_code redis_exec_send(struct redis *redis, struct err *err)
{
    if (redisAppendCommand(redis->context, "EXEC") != REDIS_OK)
        return fail(redis, "format a command", err);
    return redis_send(redis, err);
}

enum err_code redis_exec(struct redis *redis, redisReply **reply, struct err *err)
{
    enum err_code code = redis_reply(redis, reply, err); /* reply to MULTI */
    struct redis_shape all = {.kind = REDIS_IS_ARRAY};
    struct err later;

    freeReplyObject(*reply);
    *reply = NULL;
    all.least = all.most = redis->asked_count - redis->asked_from;
    for (size_t i = 0; i < all.most && redis->context != NULL; i++) { /* QUEUED for each */
        enum err_code one = take(redis, &redis_shape_status, reply, code == ERR_OK ? err : &later);

        freeReplyObject(*reply);
        *reply = NULL;
        code = code == ERR_OK ? one : code;
    }
    if (redis->context != NULL) {
        enum err_code last;

        all.fields = redis->asked + redis->asked_from;
        redis->asked_from = redis->asked_count;
        last = take(redis, &all, reply, code == ERR_OK ? err : &later);
        code = code == ERR_OK ? last : code;
    }
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

/* Does the work of redis_command on an open connection. */
static enum err_code command(struct redis *redis, const struct redis_shape *shape, redisReply **reply, struct err *err,
                             const char *format, va_list args)
{
    enum err_code code;

    expect(redis, shape);
    code = append(redis, err, format, args);
    return code == ERR_OK ? redis_reply(redis, reply, err) : code;
}

enum err_code redis_command(struct redis *redis, const struct redis_shape *shape, redisReply **reply, struct err *err,
                            const char *format, ...)
{
    va_list args;
    enum err_code code = redis_open(redis, err);

    *reply = NULL;
    if (code != ERR_OK)
        return code;
    va_start(args, format);
    code = command(redis, shape, reply, err, format, args);
    va_end(args);
    return code;
}

/* Sends a command that only has to succeed while the connection is being opened. */
static enum err_code insist(struct redis *redis, struct err *err, const char *format, ...)
{
    redisReply *reply = NULL;
    va_list args;
    enum err_code code;

    va_start(args, format);
    code = command(redis, &redis_shape_status, &reply, err, format, args);
    va_end(args);
    freeReplyObject(reply);
    if (code == ERR_OK)
        return ERR_OK;
    redis_close(redis);
    redis->retry_at = clock_us() + PAUSE_US;
    err->code = ERR_UNAVAILABLE;
    return ERR_UNAVAILABLE;
}

/* Authenticates and selects the database. */
static enum err_code introduce(struct redis *redis, const struct redis_address *address, struct err *err)
{
    enum err_code code = ERR_OK;

    if (address->password[0] != '\0')
        code = address->user[0] != '\0' ? insist(redis, err, "AUTH %s %s", address->user, address->password)
                                        : insist(redis, err, "AUTH %s", address->password);
    if (code == ERR_OK && address->database > 0)
        code = insist(redis, err, "SELECT %ld", address->database);
    return code;
}

#if HIREDIS_MAJOR < 1
typedef int array_length;
#else
typedef size_t array_length;
#endif

/* The library's function that creates arrays, the same for all connections. */
static void *(*make_array)(const redisReadTask *task, array_length elements);

/* Limits arrays: the library allocates all elements that a reply announces before any has arrived. */
static void *make_bounded_array(const redisReadTask *task, array_length elements)
{
    return elements > LIMIT_REDIS_REPLY_ELEMENTS ? NULL : make_array(task, elements);
}

static void bound_arrays(redisContext *context)
{
    static redisReplyObjectFunctions functions;

    if (make_array == NULL) {
        functions = *context->reader->fn;
        make_array = functions.createArray;
        functions.createArray = make_bounded_array;
    }
    context->reader->fn = &functions;
}

enum err_code redis_open(struct redis *redis, struct err *err)
{
    struct arena arena = {0};
    struct redis_address address;
    struct timeval connect_timeout = milliseconds(redis->config->redis_connect_ms);
    enum err_code code;

    if (redis->context != NULL)
        return ERR_OK;
    if (clock_us() < redis->retry_at)
        return err_set(err, ERR_UNAVAILABLE, "Redis: recent failure, backing off");
    code = redis_address_read(redis->config->redis_url, &address, &arena, err);
    if (code == ERR_OK && redis->is_hung && !redis_probe_is_over(&redis->probe, &address))
        code = err_set(err, ERR_UNAVAILABLE, "Redis: hung recently, no response yet");
    if (code != ERR_OK)
        goto out;
    redis->is_hung = false;
    redis->context = address.path != NULL ? redisConnectUnixWithTimeout(address.path, connect_timeout)
                                          : redisConnectWithTimeout(address.host, address.port, connect_timeout);
    if (redis->context == NULL || redis->context->err != 0) {
        code = fail(redis, "connect", err);
        goto out;
    }
    bound_arrays(redis->context);
    redisSetTimeout(redis->context, milliseconds(redis->timeout_ms));
    code = introduce(redis, &address, err);
    if (code == ERR_OK) {
        redis->connections++;
        log_debug("Redis: connected");
    }
out:
    arena_free(&arena);
    return code;
}
