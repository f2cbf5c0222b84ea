#include "cache/redis_probe.h"

#include <poll.h>

#include "base/clock.h"

enum {
    OLD_US = 1000000, /* a PING sent during a network failure may never arrive: another one is sent after this */
    WAIT_MS = 5       /* time that the call which begins a probe waits for it */
};

void redis_probe_end(struct redis_probe *probe)
{
    redisFree(probe->context);
    probe->context = NULL;
}

/* Connects and appends a PING. Returns false if that fails immediately. */
static bool begin(struct redis_probe *probe, const struct redis_address *address)
{
    probe->context = address->path != NULL ? redisConnectUnixNonBlock(address->path)
                                           : redisConnectNonBlock(address->host, address->port);
    probe->begun_at = clock_us();
    return probe->context != NULL && probe->context->err == 0 && redisAppendCommand(probe->context, "PING") == REDIS_OK;
}

/* Sends what is left of the PING. Returns whether that fails, or something has come back: what it is does not matter.
 */
static bool look(const struct redis_probe *probe)
{
    struct pollfd polled = {.fd = probe->context->fd, .events = POLLIN};
    const bool is_new = clock_us() - probe->begun_at < WAIT_MS * INT64_C(1000);
    int is_sent = 0;

    return redisBufferWrite(probe->context, &is_sent) != REDIS_OK || poll(&polled, 1, is_new ? WAIT_MS : 0) > 0;
}

bool redis_probe_is_over(struct redis_probe *probe, const struct redis_address *address)
{
    bool is_over;

    if (probe->context != NULL && clock_us() - probe->begun_at > OLD_US)
        redis_probe_end(probe);
    is_over = (probe->context == NULL && !begin(probe, address)) || look(probe);
    if (is_over)
        redis_probe_end(probe);
    return is_over;
}
