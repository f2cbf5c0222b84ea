#include "base/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/shared.h"

static uint32_t sum_of(const void *value, size_t size)
{
    return (uint32_t)hash_bytes(hash_bytes(1, &size, sizeof size), value, size);
}

void kept_write(const struct config *config, const char *purpose, const void *value, size_t size)
{
    const int file = shared_open(config, purpose, O_RDWR | O_CREAT);
    uint32_t sum = sum_of(value, size);
    const struct iovec parts[] = {{&sum, sizeof sum}, {(void *)(uintptr_t)value, size}}; /* not written to */

    if (file < 0 || pwritev(file, parts, 2, 0) != (ssize_t)(sizeof sum + size))
        log_warn("cannot store %s: %s", purpose, strerror(errno));
    if (file >= 0)
        close(file);
}

bool kept_read(const struct config *config, const char *purpose, void *value, size_t size)
{
    const int file = shared_open(config, purpose, O_RDONLY);
    uint32_t sum = 0;
    const struct iovec parts[] = {{&sum, sizeof sum}, {value, size}};
    bool is_whole;

    if (file < 0)
        return false;
    is_whole = preadv(file, parts, 2, 0) == (ssize_t)(sizeof sum + size) && sum == sum_of(value, size);
    close(file);
    return is_whole;
}
