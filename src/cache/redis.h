/*
 * redis: the only connection of this process to Redis: URL, timeouts, back-off, checked replies and translated errors.
 * cache.c knows the keys.
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

/* Returns a closed connection. config must outlive it. Free it with redis_free(). */
struct redis *redis_new(const struct config *config);
void redis_free(struct redis *redis);

/*
 * Opens the connection unless it is open. After a slow failure it returns ERR_UNAVAILABLE immediately for a second, and
 * after a timeout until the server replies to a PING, which costs a request at most 5 ms. So a hung server costs one
 * timeout in total.
 */
enum err_code redis_open(struct redis *redis, struct err *err);

/*
 * Sends a command (format and arguments as for redisCommand) and waits for its reply. Opens the connection if needed.
 * ERR_UNAVAILABLE: lost connection, timeout, or an error due to the server's state (loading, out of memory, read-only,
 * ...). ERR_INTERNAL: another error, or a reply of another shape, which closes the connection. On an error *reply is
 * NULL; otherwise the caller frees it with freeReplyObject() and can rely on its shape.
 */
enum err_code redis_command(struct redis *redis, const struct redis_shape *shape, redisReply **reply, struct err *err,
                            const char *format, ...);

/*
 * A pipeline: collects commands, sends them together and reads the replies in order. redis_append and
 * redis_append_words send nothing yet; redis_reply sends everything, unless redis_send has, and waits for the next
 * reply. The connection must be open. Each appended command needs one redis_reply. Replies are checked as by
 * redis_command.
 */
enum err_code redis_append(struct redis *redis, const struct redis_shape *shape, struct err *err, const char *format,
                           ...);
enum err_code redis_append_words(struct redis *redis, const struct redis_shape *shape, const struct text *words,
                                 size_t count, struct err *err);
enum err_code redis_send(struct redis *redis, struct err *err);
enum err_code redis_reply(struct redis *redis, redisReply **reply, struct err *err);

/*
 * A transaction, started while no reply is pending: redis_multi, redis_append for each command, redis_exec_send, and
 * redis_exec, which waits for the array of replies: one for each command, of its shape. An error of one command fails
 * the transaction.
 */
enum err_code redis_multi(struct redis *redis, struct err *err);
enum err_code redis_exec_send(struct redis *redis, struct err *err);
enum err_code redis_exec(struct redis *redis, redisReply **reply, struct err *err);

/* Returns the number of the connection, which increases each time it is opened. 0 while it is closed. */
uint64_t redis_connection(const struct redis *redis);

/* Waits for each reply a number of times as long as is configured. */
void redis_extend_timeout(struct redis *redis, int times);

/* Closes the connection, for instance because of pending replies that nobody will read. */
void redis_close(struct redis *redis);

#endif
