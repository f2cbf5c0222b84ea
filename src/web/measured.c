#include "web/measured.h"

#include <string.h>

#include "base/kept.h"
#include "base/slots.h"

static const char purpose[] = "timings";

enum err_code measured_begin(const struct config *config, int *slot, struct err *err)
{
    return slots_take(config, purpose, 1, slot, err);
}

void measured_end(const struct config *config, int slot, const struct measured *result)
{
    kept_write(config, purpose, result, sizeof *result);
    slots_give(slot);
}

bool measured_last(const struct config *config, struct measured *result)
{
    return kept_read(config, purpose, result, sizeof *result);
}
