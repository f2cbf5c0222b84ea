#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST_BYTES = 1 << 16, STEP_MOST = 1 << 26 };

enum err_code spill_open(struct spill *spill, const char *folder, struct err *err)
{
    *spill = (struct spill){.fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (spill->fd >= 0)
        return ERR_OK;
    err_set(err, ERR_UNAVAILABLE, "cannot create a file in %s: %s", folder, strerror(errno));
    *spill = (struct spill){0};
    return ERR_UNAVAILABLE;
}

enum err_code spill_open_zeros(struct spill *spill, const char *folder, size_t len, struct err *err)
{
    enum err_code code = spill_open(spill, folder, err);

    if (code == ERR_OK)
        code = spill_grow(spill, len, err);
    if (code != ERR_OK)
        spill_close(spill);
    return code;
}

void spill_close(struct spill *spill)
{
    if (spill->at != NULL)
        munmap(spill->at, spill->capacity);
    if (spill->fd > 0)
        close(spill->fd);
    *spill = (struct spill){0};
}

enum err_code spill_grow(struct spill *spill, size_t len, struct err *err)
{
    size_t capacity = spill->capacity > 0 ? spill->capacity : FIRST_BYTES;
    void *at;
    int error;

    while (capacity < spill->len + len)
        capacity += capacity < STEP_MOST ? capacity : STEP_MOST;
    if (capacity > spill->capacity) {
        /* Reserve disk space first: writing to mapped bytes on a full disk would kill the process. */
        error = posix_fallocate(spill->fd, (off_t)spill->capacity, (off_t)(capacity - spill->capacity));
        if (error != 0)
            return err_set(err, ERR_UNAVAILABLE, "cannot extend a file: %s", strerror(error));
        at = spill->at == NULL ? mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, spill->fd, 0)
                               : mremap(spill->at, spill->capacity, capacity, MREMAP_MAYMOVE);
        if (at == MAP_FAILED)
            return err_set(err, ERR_UNAVAILABLE, "cannot map a file: %s", strerror(errno));
        spill->at = at;
        spill->capacity = capacity;
    }
    spill->len += len;
    return ERR_OK;
}

enum err_code spill_add(struct spill *spill, const void *bytes, size_t len, struct err *err)
{
    enum err_code code = spill_grow(spill, len, err);

    if (code == ERR_OK && len > 0)
        memcpy(spill->at + spill->len - len, bytes, len);
    return code;
}
