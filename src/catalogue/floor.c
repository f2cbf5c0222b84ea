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
 * Two numbers that change one after the other. Invariant: the number is 0 while the epoch changes, so that whoever
 * reads in between gets a floor that is too low, never one of a wrong epoch that is too high for long: numbers go on
 * through epochs, and the next comparison with MySQL puts right what a late raise of the old epoch left.
 */
struct floor {
    _Atomic uint64_t epoch, number;
};

struct floor *floor_new(const struct config *config)
{
    void *shared = MAP_FAILED;
    int fd;

    fd = shared_open(config, "floor", O_RDWR | O_CREAT);
    if (fd >= 0 && ftruncate(fd, sizeof(struct floor)) == 0)
        shared = mmap(NULL, sizeof(struct floor), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        log_info("no shared memory (%s): each worker minds its own versions", strerror(errno));
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

struct version floor_get(const struct floor *floor)
{
    struct version version = {0};

    if (floor == NULL)
        return version;
    do {
        version.epoch = atomic_load(&floor->epoch);
        version.number = atomic_load(&floor->number);
    } while (version.epoch != atomic_load(&floor->epoch));
    return version;
}

void floor_reset(struct floor *floor, struct version version)
{
    if (floor == NULL)
        return;
    atomic_store(&floor->number, 0);
    atomic_store(&floor->epoch, version.epoch);
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
}
