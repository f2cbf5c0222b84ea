#include "base/program.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"

static const char executable[] = "/proc/self/exe";

uint32_t program_sum(void)
{
    FILE *file = fopen(executable, "re");
    uint64_t sum = 0;
    unsigned char part[16384];
    size_t len;

    if (file == NULL)
        return 0;
    while ((len = fread(part, 1, sizeof part, file)) > 0)
        sum = hash_bytes(sum, part, len);
    fclose(file);
    return (uint32_t)sum;
}

/* Cuts the last part off a path in place. */
static void cut_last(char *path)
{
    char *slash = strrchr(path, '/');

    *(slash != NULL ? slash : path) = '\0';
}

char *program_path(const char *path)
{
    char folder[PATH_MAX];
    const ssize_t len = readlink(executable, folder, sizeof folder - 1);
    struct buf whole = {0};
    char *result;

    if (*path == '/' || len < 0)
        return mem_string(path);
    folder[len] = '\0';
    cut_last(folder);
    cut_last(folder);
    buf_add_format(&whole, "%s/%s", folder, path);
    result = mem_string(buf_string(&whole));
    buf_free(&whole);
    return result;
}
