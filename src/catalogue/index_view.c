#include "catalogue/index_view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/folder.h"
#include "base/mem.h"
#include "index/index_build.h"
#include "index/index_file.h"

enum {
    LOCK_LOOK_US = 50000, /* between two checks whether another process is still building the index */
    NEAR = 8 /* at most this many versions behind, of up to CHANGES_OF_ONE_VERSION books each, it is as good as new */
};

bool index_view_is_wanted(const struct config *config)
{
    return strcmp(config->find_index, "off") != 0;
}

/* Returns the path of name in the folder of the index; the caller frees it. */
static char *path_of(const struct config *config, const char *name)
{
    struct buf path = {0};

    buf_add_format(&path, "%s/%s", config->find_index, name);
    return path.at;
}

char *index_view_path(const struct config *config)
{
    return path_of(config, "books.index");
}

/* Takes the lock. Returns its descriptor, or -1. */
static int take_lock(const struct config *config, struct err *err)
{
    char *path = path_of(config, "lock");
    int fd = -1;

    if (folder_make(config->find_index))
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        err_set(err, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err_set(err, ERR_CONFLICT, "another process is building the index");
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

/* matview_apply for an index that is only inspected. */
static enum err_code ignore(void *view, struct version *at, const struct change *changes, size_t count, struct err *err)
{
    (void)view;
    (void)at;
    (void)changes;
    (void)count;
    (void)err;
    return ERR_OK;
}

/* Returns whether the existing index is good enough: another process may have just built it. */
static bool is_near(struct store *store, const char *path)
{
    const struct matview_follower follower = {ignore, NULL, NEAR * CHANGES_OF_ONE_VERSION, NEAR, SIZE_MAX};
    struct index_file file;
    struct version version, now;
    struct err err;
    enum err_code code;

    if (index_file_open(&file, path, &err) != ERR_OK)
        return false;
    version = file.version;
    index_file_close(&file);
    code = store_version(store, &now, &err);
    return code == ERR_OK && matview_follow(store, &follower, &version, &now, &err) == ERR_OK;
}

/* The hook of a matview_scan. */
static enum err_code add_row(const struct matview_scan *scan, const struct book *book, struct err *err)
{
    return index_build_add(scan->context, book, err);
}

/* Builds the index at path; the lock is held. */
static enum err_code make(const struct config *config, struct store *store, const char *path, struct matview_job *job,
                          struct err *err)
{
    struct index_build *build = index_build_new(config->find_index, err);
    struct matview_scan scan = {.take = add_row, .context = build};
    enum err_code code;

    if (build == NULL)
        return err->code;
    code = matview_scan(store, &scan, job, err);
    if (code == ERR_OK)
        code = index_build_finish(build, scan.version, path, err);
    index_build_free(build);
    return code;
}

static enum err_code rebuild_index(const struct config *config, struct store *store, bool is_insisted,
                                   struct matview_job *job, struct err *err)
{
    char *path = index_view_path(config);
    enum err_code code;
    int lock;

    while ((lock = take_lock(config, err)) < 0 && err->code == ERR_CONFLICT && is_insisted)
        clock_wait_until(clock_us() + LOCK_LOOK_US);
    if (lock < 0)
        code = err->code;
    else if (!is_insisted && is_near(store, path))
        code = err_set(err, ERR_CONFLICT, "the index has just been built");
    else
        code = make(config, store, path, job, err);
    free(path);
    if (lock >= 0)
        close(lock);
    return code;
}

const struct matview_kind index_view = {"index", "the search index", rebuild_index};
