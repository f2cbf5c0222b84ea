#include "catalogue/index_make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/log.h"
#include "index/index_build.h"
#include "index/index_file.h"

enum {
    PROGRESS_ROWS = 20000,
    NEAR = 8 /* so few versions since, each of CHANGES_OF_ONE_VERSION books at most, and it is as good as a new one */
};

bool index_is_wanted(const struct config *config)
{
    return strcmp(config->find_index, "off") != 0;
}

/* Returns the path of what is called name in the folder of the index; the caller frees it. */
static char *path_of(const struct config *config, const char *name)
{
    struct buf path = {0};

    buf_add_format(&path, "%s/%s", config->find_index, name);
    return path.at;
}

char *index_path(const struct config *config)
{
    return path_of(config, "books.index");
}

/* Makes a folder, and those above it, unless they are there. Returns false if it cannot be had. */
static bool make_folder(const char *path)
{
    char *part = mem_string(path);
    bool is_there;

    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0755);
        *slash = '/';
    }
    is_there = mkdir(part, 0755) == 0 || errno == EEXIST;
    free(part);
    return is_there;
}

/* Takes the lock. Returns its descriptor, or -1. */
static int take_lock(const struct config *config, struct err *err)
{
    char *path = path_of(config, "lock");
    int fd = -1;

    if (make_folder(config->find_index))
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        err_set(err, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err_set(err, ERR_CONFLICT, "the index is being made by another process");
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

/* Whether the index that is there will do: another process may have made it while we were on our way. */
static bool is_near(struct store *store, const char *path)
{
    struct arena arena = {0};
    struct index_file file;
    struct version now;
    struct change *changes;
    size_t count;
    struct err err;
    bool is_near = false;

    if (index_file_open(&file, path, &err) != ERR_OK)
        return false;
    if (store_changes(store, file.version, CHANGES_OF_ONE_VERSION, &arena, &changes, &count, &now, &err) == ERR_OK)
        is_near = now.number - file.version.number <= NEAR;
    index_file_close(&file);
    arena_free(&arena);
    return is_near;
}

/* Streams the table into build. */
static enum err_code add_rows(struct store *store, struct index_build *build, uint64_t books, index_progress *progress,
                              struct err *err)
{
    struct arena arena = {0};
    struct book book;
    uint64_t done = 0;
    enum err_code code;

    while ((code = store_scan_next(store, &arena, &book, err)) == ERR_OK) {
        code = index_build_add(build, &book, err);
        if (code != ERR_OK)
            break;
        if (++done % PROGRESS_ROWS == 0 && progress != NULL)
            progress(done, books > done ? books : done);
        arena_clear(&arena);
    }
    if (code == ERR_NOT_FOUND && progress != NULL)
        progress(done, done);
    arena_free(&arena);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Makes the index at path; the lock is ours. */
static enum err_code make(const struct config *config, struct store *store, const char *path, bool is_wanted_anew,
                          index_progress *progress, struct err *err)
{
    struct index_build *build = NULL;
    struct version version;
    uint64_t books;
    enum err_code code;

    if (!is_wanted_anew && is_near(store, path))
        return err_set(err, ERR_CONFLICT, "the index has just been made");
    code = store_scan_begin(store, &version, &books, err);
    if (code != ERR_OK)
        return code;
    if ((build = index_build_new(config->find_index, err)) == NULL)
        code = err->code;
    if (code == ERR_OK)
        code = add_rows(store, build, books, progress, err);
    store_scan_end(store);
    if (code == ERR_OK)
        code = index_build_finish(build, version, path, err);
    index_build_free(build);
    return code;
}

enum err_code index_make(const struct config *config, struct store *store, bool is_wanted_anew,
                         index_progress *progress, struct err *err)
{
    const int64_t started = clock_us();
    const int lock = take_lock(config, err);
    char *path = index_path(config);
    enum err_code code = lock >= 0 ? make(config, store, path, is_wanted_anew, progress, err) : err->code;

    if (code == ERR_OK)
        log_info("the search index was made within %.2f s", (double)(clock_us() - started) / 1e6);
    free(path);
    if (lock >= 0)
        close(lock);
    return code;
}

/* What the child does. */
static int work(const struct config *config)
{
    struct store *store = store_new(config);
    struct err err;
    uint32_t failures;
    enum err_code code = index_make(config, store, false, NULL, &err);

    if (code == ERR_OK && (failures = backoff_worked(config, INDEX_BACKOFF)) > 0)
        log_info("the search index was made after %u failures", failures);
    else if (code == ERR_CONFLICT)
        log_debug("no index was made: %s", err.text);
    else if (code != ERR_OK && backoff_failed(config, INDEX_BACKOFF))
        log_warn("the search index was not made: %s; it is tried again, ever more rarely, and said when it works",
                 err.text);
    else if (code != ERR_OK)
        log_debug("the search index was not made: %s", err.text);
    store_free(store);
    return code == ERR_OK || code == ERR_CONFLICT ? 0 : 1;
}

pid_t index_make_start(const struct config *config)
{
    return child_start(work, config);
}
