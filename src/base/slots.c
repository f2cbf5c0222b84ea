#include "base/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/shared.h"

/* Opens the file whose bytes are the slots. Each call makes a new open file description, which owns the lock. */
static int open_slots(const struct config *config, const char *purpose)
{
    char name[64];

    snprintf(name, sizeof name, "slots-%s", purpose);
    return shared_open(config, name, O_RDWR | O_CREAT);
}

/* Returns the lock on one slot's byte. l_pid is 0, as F_OFD_SETLK requires. */
static struct flock lock_of(unsigned slot)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)slot, .l_len = 1};
}

enum err_code slots_take(const struct config *config, const char *purpose, unsigned count, int *slot, struct err *err)
{
    const int file = open_slots(config, purpose);
    int error = errno;

    *slot = SLOTS_NONE;
    for (unsigned i = 0; file >= 0 && i < count; i++) {
        struct flock lock = lock_of(i);

        if (fcntl(file, F_OFD_SETLK, &lock) == 0) {
            *slot = file;
            return ERR_OK;
        }
        error = errno;
        if (error != EAGAIN && error != EACCES)
            break;
    }
    if (file >= 0)
        close(file);
    if (file >= 0 && (error == EAGAIN || error == EACCES))
        return err_set(err, ERR_BUSY, "all %u slots for %s are taken", count, purpose);
    return err_set(err, ERR_INTERNAL, "no slots for %s: %s", purpose, strerror(error));
}

void slots_give(int slot)
{
    if (slot != SLOTS_NONE)
        close(slot);
}

bool slots_in_use(const struct config *config, const char *purpose)
{
    const int file = open_slots(config, purpose);
    struct flock lock = lock_of(0);
    bool is_in_use;

    lock.l_len = 0; /* all of them */
    is_in_use = file >= 0 && fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (file >= 0)
        close(file);
    return is_in_use;
}

unsigned slots_taken(const struct config *config, const char *purpose, unsigned count)
{
    const int file = open_slots(config, purpose);
    unsigned taken = 0;

    for (unsigned i = 0; file >= 0 && i < count; i++) {
        struct flock lock = lock_of(i);

        taken += fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    }
    if (file >= 0)
        close(file);
    return taken;
}
