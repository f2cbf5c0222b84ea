#include "store/sql_turn.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/slots.h"

enum {
    POLL_US = 2000,     /* between two tries to take a turn */
    HOLD_US = 100000,   /* held for so long before others that wait count: to connect takes about a millisecond */
    LOOK_US = 20000,    /* between two looks for others that wait */
    IDLE_US = 5000000,  /* without use, after which the connection is closed */
    YIELD_US = 6000,    /* a connection that was closed for others is left to them for so long */
    REFUSED_US = 100000 /* a request may ask for the version several times: only the first one waits */
};

static const char connections[] = "mysql", waiters[] = "mysql-waiters";

void sql_turn_init(struct sql_turn *turn)
{
    *turn = (struct sql_turn){.slot = SLOTS_NONE};
}

/* Returns clock_us() until which to wait for a turn. */
static int64_t wait_until(const struct sql_turn *turn, bool is_short)
{
    const int64_t now = clock_us();

    if (is_short)
        return now < turn->refused_for ? now : now + LIMIT_MYSQL_SHORT_WAIT_MS * 1000;
    return now + LIMIT_MYSQL_WAIT_MS * 1000;
}

enum err_code sql_turn_take(struct sql_turn *turn, const struct config *config, bool is_short, struct err *err)
{
    const unsigned most = (unsigned)config->mysql_connections;
    const int64_t until = wait_until(turn, is_short);
    int waiting = SLOTS_NONE;
    struct err why;
    enum err_code code;

    if (most == 0)
        return ERR_OK;
    clock_wait_until(turn->yield_until);
    while ((code = slots_take(config, connections, most, &turn->slot, &why)) == ERR_BUSY && clock_us() < until) {
        struct err ignored;

        if (waiting == SLOTS_NONE)
            slots_take(config, waiters, LIMIT_WORKERS, &waiting, &ignored);
        clock_wait_until(clock_us() + POLL_US);
    }
    slots_give(waiting);
    if (code == ERR_BUSY) {
        turn->refused_for = clock_us() + REFUSED_US;
        return err_set(err, ERR_BUSY, "All connections to the database are in use. Please try again in a few seconds.");
    }
    if (code != ERR_OK)
        log_info("BOOKSHARE_MYSQL_CONNECTIONS has no effect: %s", why.text);
    turn->used_at = clock_us();
    turn->look_at = turn->used_at + HOLD_US;
    return ERR_OK;
}

void sql_turn_give(struct sql_turn *turn)
{
    slots_give(turn->slot);
    turn->slot = SLOTS_NONE;
}

void sql_turn_use(struct sql_turn *turn)
{
    if (turn->slot != SLOTS_NONE)
        turn->used_at = clock_us();
}

bool sql_turn_is_over(struct sql_turn *turn, const struct config *config)
{
    const int64_t now = clock_us();

    if (turn->slot == SLOTS_NONE || now < turn->look_at)
        return false;
    turn->look_at = now + LOOK_US;
    if (slots_in_use(config, waiters)) {
        turn->yield_until = now + YIELD_US;
        return true;
    }
    return now - turn->used_at > IDLE_US;
}
