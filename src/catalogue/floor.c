#include "catalogue/floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/shared.h"

/*
 * Numbers that change one after the other. Invariants: the number is 0 while the epoch changes, so that whoever reads
 * in between gets a floor that is too low, never one of a wrong epoch that is too high for long: numbers go on through
 * epochs, and the next comparison with MySQL puts right what a late raise of the old epoch left. The number never goes
 * down but by floor_reset(). The token follows the number, and sum says of which version it is.
 */
struct floor {
    _Atomic uint64_t epoch, number, token, sum;
};

struct floor *floor_new(const struct config *config)
{
    void *shared = MAP_FAILED;
    int fd;

    fd = shared_open(config, "versions", O_RDWR | O_CREAT);
    if (fd >= 0 && ftruncate(fd, sizeof(struct floor)) == 0)
        shared = mmap(NULL, sizeof(struct floor), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        log_info("BOOKSHARE_SHARED (%s): %s: each worker keeps its own newest version", config->shared,
                 strerror(errno));
        shared = mmap(NULL, sizeof(struct floor), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (fd >= 0)
        close(fd);
    return shared != MAP_FAILED ? shared : NULL;
}

void floor_free(struct floor *floor)
{
    if (floor != NULL)
        munmap(floor, sizeof *floor);
}

/* Returns a number that no two versions share but by an accident that nobody will live to see. */
static uint64_t sum_of(struct version version)
{
    const uint64_t parts[] = {version.epoch, version.number, version.token};
    uint64_t sum = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sum = (sum ^ parts[i]) * 0x9E3779B97F4A7C15u;
        sum ^= sum >> 32;
    }
    return sum;
}

/* Says which change made the number. Two that do so at once may leave what belongs to neither, which shows. */
static void set_token(struct floor *floor, struct version version)
{
    atomic_store(&floor->token, version.token);
    atomic_store(&floor->sum, sum_of(version));
}

struct version floor_get(const struct floor *floor)
{
    struct version version = {0};

    if (floor == NULL)
        return version;
    do {
        version.epoch = atomic_load(&floor->epoch);
        version.number = atomic_load(&floor->number);
        version.token = atomic_load(&floor->token);
        if (atomic_load(&floor->sum) != sum_of(version))
            version.token = 0;
    } while (version.epoch != atomic_load(&floor->epoch));
    return version;
}

void floor_reset(struct floor *floor, struct version version)
{
    if (floor == NULL)
        return;
    atomic_store(&floor->number, 0);
    atomic_store(&floor->epoch, version.epoch);
    set_token(floor, version);
    atomic_store(&floor->number, version.number);
}

void floor_raise(struct floor *floor, struct version version)
{
    uint64_t number;

    if (floor == NULL || version.epoch < atomic_load(&floor->epoch))
        return;
    if (version.epoch > atomic_load(&floor->epoch)) {
        atomic_store(&floor->number, 0);
        atomic_store(&floor->epoch, version.epoch);
    }
    number = atomic_load(&floor->number);
    while (number < version.number && !atomic_compare_exchange_weak(&floor->number, &number, version.number))
        continue;
    if (number < version.number || (number == version.number && floor_get(floor).token == 0))
        set_token(floor, version);
}
