#include "pagefile/pagefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"

enum { NAME_BYTES = 80, PATH_BYTES = 4096 };

struct pagefiles {
    char *folder;
    int lock;            /* descriptor of the lock file */
    uint32_t stamp;      /* checksum of templates and program */
    uint64_t pages_most; /* pages with higher numbers have no files, which limits the folder's size */
    int64_t check_us;
    int64_t tended_at;        /* clock_us() of the last look */
    bool is_due;              /* maintenance is due */
    char current[NAME_BYTES]; /* target of `current` at the last look; "" if it did not exist */
};

/* Builds the path of name in the folder. */
static void path_of(const struct pagefiles *files, char *path, const char *name)
{
    snprintf(path, PATH_BYTES, "%s/%s", files->folder, name);
}

struct pagefiles *pagefile_new(const struct config *config, uint32_t stamp)
{
    struct pagefiles *files;
    char path[PATH_BYTES];
    int lock;

    if (config->page_files[0] == '\0')
        return NULL;
    if (strlen(config->page_files) > PATH_BYTES / 2 || (mkdir(config->page_files, 0755) != 0 && errno != EEXIST)) {
        log_error("page files are off: %s: %s", config->page_files, strerror(errno));
        return NULL;
    }
    snprintf(path, sizeof path, "%s/lock", config->page_files);
    lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) {
        log_error("page files are off: %s: %s", path, strerror(errno));
        return NULL;
    }
    files = mem_zero(sizeof *files);
    files->folder = mem_string(config->page_files);
    files->lock = lock;
    files->stamp = stamp;
    files->pages_most = (uint64_t)config->page_files_mb * 1024 * 1024 / LIMIT_PAGE_FILE_BYTES;
    files->check_us = config->check_ms * 1000;
    files->is_due = true;
    return files;
}

enum err_code pagefile_join(const struct config *config, struct pagefiles **files, struct err *err)
{
    *files = NULL;
    if (config->page_files[0] == '\0' || (access(config->page_files, F_OK) != 0 && errno == ENOENT))
        return ERR_OK;
    if (access(config->page_files, W_OK | X_OK) == 0)
        *files = pagefile_new(config, 0);
    return *files != NULL
               ? ERR_OK
               : err_set(err, ERR_INTERNAL, "cannot withdraw the page files in %s; run this as the user of the service",
                         config->page_files);
}

void pagefile_free(struct pagefiles *files)
{
    if (files == NULL)
        return;
    close(files->lock);
    free(files->folder);
    free(files);
}

/* Writes the name of a version's folder. */
static void name_of(const struct pagefiles *files, struct version version, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%s-%08x", version_text(version).string, (unsigned)files->stamp);
}

/* Reads the target of `current`. */
static void look(struct pagefiles *files)
{
    char path[PATH_BYTES];
    ssize_t len;

    path_of(files, path, "current");
    len = readlink(path, files->current, NAME_BYTES - 1);
    files->current[len > 0 ? len : 0] = '\0';
}

bool pagefile_take_away(struct pagefiles *files)
{
    char path[PATH_BYTES];

    if (files == NULL)
        return true;
    path_of(files, path, "current");
    files->current[0] = '\0';
    return unlink(path) == 0 || errno == ENOENT;
}

void pagefile_set_stamp(struct pagefiles *files, uint32_t stamp)
{
    if (files == NULL || files->stamp == stamp)
        return;
    files->stamp = stamp;
    files->is_due = true; /* also tries again what fails here */
    pagefile_take_away(files);
}

enum err_code pagefile_withdraw(struct pagefiles *files, struct err *err)
{
    if (files == NULL)
        return ERR_OK;
    while (flock(files->lock, LOCK_SH) != 0)
        if (errno != EINTR)
            return err_set(err, ERR_INTERNAL, "page files: cannot lock: %s", strerror(errno));
    files->is_due = true;
    if (pagefile_take_away(files))
        return ERR_OK;
    err_set(err, ERR_INTERNAL, "page files: cannot withdraw: %s", strerror(errno));
    pagefile_allow(files);
    return ERR_INTERNAL;
}

void pagefile_allow(struct pagefiles *files)
{
    if (files != NULL)
        flock(files->lock, LOCK_UN);
}

/* Builds the path of a page's file in its version's folder. */
static void page_path(const struct pagefiles *files, char *path, const char *folder, uint64_t page, const char *ending)
{
    snprintf(path, PATH_BYTES, "%s/%s/%llu.html%s", files->folder, folder, (unsigned long long)page, ending);
}

bool pagefile_is_wanted(struct pagefiles *files, uint64_t page, struct version version)
{
    char name[NAME_BYTES], path[PATH_BYTES];

    if (files == NULL || page > files->pages_most || !version_is_known(version))
        return false;
    name_of(files, version, name);
    look(files);
    if (strcmp(name, files->current) != 0)
        return false;
    page_path(files, path, name, page, "");
    return access(path, F_OK) != 0;
}

/*
 * Writes a file under a temporary name and renames it. The web server derives the ETag from a file's time and length,
 * so the time is a hash of the folder's name, which identifies version, templates and program.
 */
static bool write_file(const char *path, const char *folder, const char *bytes, size_t len)
{
    const uint64_t sum = hash_bytes(0, folder, strlen(folder));
    const struct timespec unique = {.tv_sec = (time_t)(sum & INT32_MAX)};
    const struct timespec times[] = {unique, unique};
    char temporary[PATH_BYTES + 32];
    bool is_written;
    int fd;

    snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    is_written = write(fd, bytes, len) == (ssize_t)len && futimens(fd, times) == 0;
    is_written = close(fd) == 0 && is_written && rename(temporary, path) == 0;
    if (!is_written)
        unlink(temporary);
    return is_written;
}

void pagefile_write(struct pagefiles *files, uint64_t page, struct version version, const struct buf *html)
{
    struct buf compressed = {0};
    char name[NAME_BYTES], path[PATH_BYTES], twin[PATH_BYTES];

    if (files == NULL || html->len > LIMIT_PAGE_FILE_BYTES * 3 / 4)
        return;
    name_of(files, version, name);
    page_path(files, path, name, page, "");
    page_path(files, twin, name, page, ".gz");
    if (!gzip_add(&compressed, html) || !write_file(twin, name, compressed.at, compressed.len) ||
        !write_file(path, name, html->at, html->len))
        log_info("cannot write page file %s: %s", path, strerror(errno));
    buf_free(&compressed);
}

bool pagefile_read(const struct pagefiles *files, uint64_t page, struct buf *html)
{
    char path[PATH_BYTES];
    ssize_t len;
    int fd;

    if (files == NULL)
        return false;
    page_path(files, path, "current", page, "");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    len = read(fd, buf_reserve(html, LIMIT_PAGE_FILE_BYTES), LIMIT_PAGE_FILE_BYTES);
    html->len += len > 0 ? (size_t)len : 0;
    close(fd);
    return len > 0;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

/* Removes the folders of versions other than keep. Other processes may do so concurrently. */
static void remove_old(const struct pagefiles *files, const char *keep)
{
    DIR *folder = opendir(files->folder);
    const struct dirent *entry;
    char path[PATH_BYTES];

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strchr(entry->d_name, '-') == NULL || strcmp(entry->d_name, keep) == 0)
            continue;
        path_of(files, path, entry->d_name);
        nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    }
    if (folder != NULL)
        closedir(folder);
}

/* Writes the file of the version itself. */
static bool write_version(const struct pagefiles *files, const char *folder, struct version version)
{
    struct buf json = {0};
    char path[PATH_BYTES];
    bool is_written;

    snprintf(path, sizeof path, "%s/%s/version.json", files->folder, folder);
    version_json(version, &json);
    is_written = write_file(path, folder, json.at, json.len);
    buf_free(&json);
    return is_written;
}

/* Points `current` at the folder called name, of a version; creates it if needed. */
static bool point_to(struct pagefiles *files, const char *name, struct version version)
{
    char path[PATH_BYTES], link[PATH_BYTES];

    path_of(files, path, name);
    if ((mkdir(path, 0755) != 0 && errno != EEXIST) || !write_version(files, name, version))
        return false;
    path_of(files, link, "current.new");
    unlink(link);
    if (symlink(name, link) != 0)
        return false;
    path_of(files, path, "current");
    return rename(link, path) == 0;
}

bool pagefile_is_due(struct pagefiles *files)
{
    const int64_t now = clock_us();

    if (files == NULL || (!files->is_due && now - files->tended_at < files->check_us))
        return false;
    files->tended_at = now;
    files->is_due = false;
    return true;
}

bool pagefile_is_published(struct pagefiles *files)
{
    look(files);
    return files->current[0] != '\0';
}

bool pagefile_shows(const struct pagefiles *files, struct version version)
{
    char name[NAME_BYTES];

    name_of(files, version, name);
    return strcmp(name, files->current) == 0;
}

bool pagefile_begin_publish(struct pagefiles *files)
{
    if (flock(files->lock, LOCK_EX | LOCK_NB) != 0)
        return false;
    if (!pagefile_is_published(files))
        return true;
    pagefile_allow(files);
    return false;
}

void pagefile_publish(struct pagefiles *files, struct version version)
{
    char name[NAME_BYTES];

    name_of(files, version, name);
    if (!point_to(files, name, version))
        log_warn("page files: %s: %s", name, strerror(errno));
    else
        remove_old(files, name);
}

bool pagefile_measure(struct pagefiles *files, struct version *version, int64_t *since, uint64_t *pages,
                      uint64_t *bytes)
{
    char path[PATH_BYTES];
    unsigned long long epoch, number, token;
    struct stat about;
    const struct dirent *entry;
    DIR *folder;

    *pages = *bytes = 0;
    path_of(files, path, "current");
    if (!pagefile_is_published(files) || sscanf(files->current, "%llu-%llu-%llx-", &epoch, &number, &token) != 3 ||
        lstat(path, &about) != 0 || (folder = opendir(path)) == NULL)
        return false;
    *version = version_of(epoch, number, token);
    *since = about.st_mtime;
    while ((entry = readdir(folder)) != NULL) {
        if (fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
            continue;
        *pages += strstr(entry->d_name, ".html") != NULL && strstr(entry->d_name, ".gz") == NULL;
        *bytes += (uint64_t)about.st_size;
    }
    closedir(folder);
    return true;
}
