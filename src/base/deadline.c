#include "base/deadline.h"

#include <stddef.h>
#include <time.h>

#include "base/clock.h"
#include "base/peer.h"
#include "base/pool.h"

enum { LOOK_US = 5000 /* between two looks at the client's connection */ };

/* Returns the processor time of this thread in microseconds, so that the load of other processes does not count. */
static int64_t processor_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void deadline_begin(struct deadline *deadline, const struct config *config, int client)
{
    *deadline = (struct deadline){.config = config,
                                  .client = client,
                                  .share = SLOTS_NONE,
                                  .until = clock_us() + config->search_ms * 1000,
                                  .short_us = INT64_MAX};
}

void deadline_end(struct deadline *deadline)
{
    slots_give(deadline->share);
    deadline->share = SLOTS_NONE;
}

void deadline_allow(struct deadline *deadline, int64_t short_us)
{
    deadline->short_us = processor_us() + short_us;
}

bool deadline_take_share(struct deadline *deadline)
{
    if (!deadline->is_long)
        deadline->is_long = pool_take_share(deadline->config, &deadline->share, NULL) == ERR_OK;
    return deadline->is_long;
}

bool deadline_is_gone(struct deadline *deadline)
{
    if (deadline->state == DEADLINE_AHEAD && deadline->client >= 0 && peer_is_gone(deadline->client, 0))
        deadline->state = DEADLINE_GONE;
    return deadline->state == DEADLINE_GONE;
}

bool deadline_passed(struct deadline *deadline)
{
    int64_t now;

    if (deadline == NULL)
        return false;
    if (deadline->state != DEADLINE_AHEAD)
        return true;
    now = clock_us();
    if (now >= deadline->until) {
        deadline->state = DEADLINE_LATE;
    } else if (!deadline->is_long && deadline->short_us != INT64_MAX && processor_us() >= deadline->short_us &&
               !deadline_take_share(deadline)) {
        deadline->state = DEADLINE_BUSY;
    } else if (now >= deadline->look_at) {
        deadline->look_at = now + LOOK_US;
        deadline_is_gone(deadline);
    }
    return deadline->state != DEADLINE_AHEAD;
}

int64_t deadline_left_ms(const struct deadline *deadline)
{
    const int64_t left_ms = (deadline->until - clock_us()) / 1000;

    return left_ms > 1 ? left_ms : 1;
}

enum err_code deadline_error(const struct deadline *deadline, struct err *err)
{
    switch (deadline != NULL ? deadline->state : DEADLINE_AHEAD) {
    case DEADLINE_LATE:
        return err_set(err, ERR_BUSY,
                       "This search takes too long. Use fewer and longer words, or remove excluded words (-word).");
    case DEADLINE_BUSY:
        return err_set(err, ERR_BUSY,
                       "Too many long searches are running. Try again in a few seconds, or with fewer words.");
    case DEADLINE_GONE:
        return err_set(err, ERR_BUSY, "The client has disconnected.");
    case DEADLINE_AHEAD:
        break;
    }
    return ERR_OK;
}
