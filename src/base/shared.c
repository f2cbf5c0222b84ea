#include "base/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"

/* Returns whether this user owns a folder or file, and no other user has any of these rights. */
static bool is_ours(int file, mode_t rights)
{
    struct stat about;

    return fstat(file, &about) == 0 && about.st_uid == geteuid() && (about.st_mode & rights) == 0;
}

/* Closes file, sets errno to error and returns -1. */
static int refuse(int file, int error)
{
    close(file);
    errno = error;
    return -1;
}

/* Opens the folder. Refuses a symbolic link or a folder of another user in its place. */
static int open_folder(const struct config *config, bool is_made)
{
    int folder;

    if (is_made && mkdir(config->shared, 0700) != 0 && errno != EEXIST)
        return -1;
    folder = open(config->shared, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder < 0 || is_ours(folder, 022) ? folder : refuse(folder, EPERM);
}

/* Writes the file's name: a hash that identifies the table and cache, without the password, and the purpose. */
static void write_name(const struct config *config, const char *purpose, char *name, size_t size)
{
    const char *const url = config->redis_url;
    struct url_password password;
    struct buf buf = {0};

    config_find_password(url, &password);
    buf_add_format(&buf, "%s\n%s\n%.*s\n%s\n%s", config->mysql_defaults, config->mysql_database, (int)password.start,
                   url, url + password.end, config->cache_prefix);
    snprintf(name, size, "%016llx-%s", (unsigned long long)hash_bytes(0, buf.at, buf.len), purpose);
    buf_free(&buf);
}

int shared_open(const struct config *config, const char *purpose, int flags)
{
    const int folder = open_folder(config, (flags & O_CREAT) != 0);
    char name[96];
    int file, error;

    if (folder < 0)
        return -1;
    write_name(config, purpose, name, sizeof name);
    file = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
    error = errno;
    close(folder);
    errno = error;
    return file < 0 || is_ours(file, 077) ? file : refuse(file, EPERM);
}
