#include "base/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

/* Creates a folder. Returns whether it is there. */
static bool make_one(const char *path)
{
    struct stat about;

    if (mkdir(path, 0755) == 0)
        return true;
    if (errno != EEXIST || stat(path, &about) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(about.st_mode);
}

bool folder_make(const char *path)
{
    char *part = mem_string(path);
    bool is_there;

    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        make_one(part);
        *slash = '/';
    }
    is_there = make_one(part);
    free(part);
    return is_there;
}
