#include "base/pool.h"

#include "base/limits.h"
#include "base/log.h"

static const char workers[] = "workers", long_work[] = "long-work";

int pool_join(const struct config *config)
{
    int slot;
    struct err err;

    if (slots_take(config, workers, LIMIT_WORKERS, &slot, &err) != ERR_OK)
        log_info("cannot count this worker: %s", err.text);
    return slot;
}

unsigned pool_half(const struct config *config)
{
    const unsigned count = slots_taken(config, workers, LIMIT_WORKERS);

    return count > 1 ? count / 2 : 1;
}

enum err_code pool_take_share(const struct config *config, int *slot, struct err *err)
{
    enum err_code code = slots_take(config, long_work, pool_half(config), slot, err);

    return code == ERR_BUSY ? code : ERR_OK;
}
