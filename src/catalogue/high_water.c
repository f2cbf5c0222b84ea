#include "catalogue/high_water.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/shared.h"

/*
 * The fields change one after the other. Invariants: the number is 0 while the epoch changes, so a concurrent reader
 * gets a mark that is too low, never for long one of the wrong epoch that is too high: numbers continue through epochs,
 * and the next comparison with MySQL corrects a late raise of the old epoch. Only high_water_reset() decreases the
 * number. The token is set after the number, and sum identifies the version that it belongs to.
 */
struct high_water {
    _Atomic uint64_t epoch, number, token, sum;
};

struct high_water *high_water_new(const struct config *config)
{
    void *shared = MAP_FAILED;
    int fd;

    fd = shared_open(config, "versions", O_RDWR | O_CREAT);
    if (fd >= 0 && ftruncate(fd, sizeof(struct high_water)) == 0)
        shared = mmap(NULL, sizeof(struct high_water), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        log_info("BOOKSHARE_SHARED (%s): %s: each worker keeps its own newest version", config->shared,
                 strerror(errno));
        shared = mmap(NULL, sizeof(struct high_water), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (fd >= 0)
        close(fd);
    return shared != MAP_FAILED ? shared : NULL;
}

void high_water_free(struct high_water *high_water)
{
    if (high_water != NULL)
        munmap(high_water, sizeof *high_water);
}

/* Returns a hash of the version; collisions are practically impossible. */
static uint64_t sum_of(struct version version)
{
    const uint64_t parts[] = {version.epoch, version.number, version.token};

    return hash_bytes(0, parts, sizeof parts);
}

/* Sets the token. Two concurrent calls may leave a mixture, which sum detects. */
static void set_token(struct high_water *high_water, struct version version)
{
    atomic_store(&high_water->token, version.token);
    atomic_store(&high_water->sum, sum_of(version));
}

struct version high_water_get(const struct high_water *high_water)
{
    struct version version = {0};

    if (high_water == NULL)
        return version;
    do {
        version.epoch = atomic_load(&high_water->epoch);
        version.number = atomic_load(&high_water->number);
        version.token = atomic_load(&high_water->token);
        if (atomic_load(&high_water->sum) != sum_of(version))
            version.token = 0;
    } while (version.epoch != atomic_load(&high_water->epoch));
    return version;
}

void high_water_reset(struct high_water *high_water, struct version version)
{
    if (high_water == NULL)
        return;
    atomic_store(&high_water->number, 0);
    atomic_store(&high_water->epoch, version.epoch);
    set_token(high_water, version);
    atomic_store(&high_water->number, version.number);
}

void high_water_raise(struct high_water *high_water, struct version version)
{
    uint64_t number;

    if (high_water == NULL || version.epoch < atomic_load(&high_water->epoch))
        return;
    if (version.epoch > atomic_load(&high_water->epoch)) {
        atomic_store(&high_water->number, 0);
        atomic_store(&high_water->epoch, version.epoch);
    }
    number = atomic_load(&high_water->number);
    while (number < version.number && !atomic_compare_exchange_weak(&high_water->number, &number, version.number))
        continue;
    if (number < version.number || (number == version.number && high_water_get(high_water).token == 0))
        set_token(high_water, version);
}
