/*
 * redis: the process's one connection to Redis: its URL, its time-outs, when it is tried again, and replies with the
 * errors of hiredis translated. What is kept in Redis is the business of cache.c.
 */
#ifndef CACHE_REDIS_H
#define CACHE_REDIS_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/text.h"
#include "cache/redis_shape.h"

struct redis;

/* Returns a connection that is not open yet. config must outlive it. Free it with redis_free(). */
struct redis *redis_new(const struct config *config);
void redis_free(struct redis *redis);

/*
 * Opens the connection unless it is open. After a failure that took its time ERR_UNAVAILABLE comes at once for a
 * second. If the server did not answer in time, it goes on to come until the server answers a PING, which costs a
 * request 5 ms at most: a server that hangs costs a time-out once.
 */
enum err_code redis_open(struct redis *redis, struct err *err);

/*
 * Sends a command, format and arguments as redisCommand takes them, and waits for its reply. Opens the connection if
 * need be. A lost connection, a time-out, or an error that tells of the server's state rather than of our keys
 * (loading, out of memory, read-only, ...) is ERR_UNAVAILABLE. Another error is ERR_INTERNAL, and so is a reply that is
 * not of this shape, which closes the connection. In all these cases *reply is NULL; otherwise the caller frees it with
 * freeReplyObject(), and need not check again what the shape says.
 */
enum err_code redis_command(struct redis *redis, const struct redis_shape *shape, redisReply **reply, struct err *err,
                            const char *format, ...);

/*
 * A pipeline: commands are collected, sent together and answered in order. redis_append and redis_append_words send
 * nothing yet; redis_reply sends all, where redis_send has not done so before, and waits for the next reply. The
 * connection must be open. Count them: each command appended needs one redis_reply. Replies are judged as redis_command
 * judges them.
 */
enum err_code redis_append(struct redis *redis, const struct redis_shape *shape, struct err *err, const char *format,
                           ...);
enum err_code redis_append_words(struct redis *redis, const struct redis_shape *shape, const struct text *words,
                                 size_t count, struct err *err);
enum err_code redis_send(struct redis *redis, struct err *err);
enum err_code redis_reply(struct redis *redis, redisReply **reply, struct err *err);

/*
 * A transaction, begun while no reply is to come: redis_multi, then redis_append for each command, redis_exec_send, and
 * redis_exec, which waits for the array of their replies: one for each command, of its shape. An error of one command
 * is an error of the whole.
 */
enum err_code redis_multi(struct redis *redis, struct err *err);
enum err_code redis_exec_send(struct redis *redis, struct err *err);
enum err_code redis_exec(struct redis *redis, redisReply **reply, struct err *err);

/* Returns the number of the connection: each time it is opened anew the number rises. 0 while it is closed. */
uint64_t redis_connection(const struct redis *redis);

/* How long to wait for a reply from now on, in milliseconds; 0 puts the configured time back. */
void redis_set_timeout(struct redis *redis, long ms);

/* Closes the connection, for instance because replies may still be under way that nobody waits for. */
void redis_close(struct redis *redis);

#endif
