#include "web/measured.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

#include "base/log.h"
#include "base/shared.h"

/* What stands in the file. The sum tells a whole result of this very layout from one that is just being written. */
struct kept {
    struct measured result;
    uint32_t sum;
};

static uint32_t sum_of(const struct measured *result)
{
    return (uint32_t)crc32(1, (const unsigned char *)result, sizeof *result);
}

static const char purpose[] = "timings";

enum err_code measured_begin(const struct config *config, int *file, struct err *err)
{
    *file = shared_open(config, purpose, O_RDWR | O_CREAT);
    if (*file < 0)
        return err_set(err, ERR_INTERNAL, "timings: no shared memory: %s", strerror(errno));
    if (flock(*file, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    close(*file);
    return err_set(err, ERR_CONFLICT, "timings: another worker measures");
}

void measured_end(int file, const struct measured *result)
{
    struct kept kept;

    memset(&kept, 0, sizeof kept);
    kept.result = *result;
    kept.sum = sum_of(&kept.result);
    if (pwrite(file, &kept, sizeof kept, 0) != (ssize_t)sizeof kept)
        log_warn("timings: not kept: %s", strerror(errno));
    close(file); /* and the lock is gone */
}

bool measured_last(const struct config *config, struct measured *result)
{
    struct kept kept = {0};
    int file = shared_open(config, purpose, O_RDONLY);
    bool is_whole;

    if (file < 0)
        return false;
    is_whole = pread(file, &kept, sizeof kept, 0) == (ssize_t)sizeof kept && kept.sum == sum_of(&kept.result);
    close(file);
    *result = kept.result;
    return is_whole;
}
