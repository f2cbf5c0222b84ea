/*
 * pagefile: list pages, by their numbers, and the home page, with number 0, as files, which the web server serves
 * without asking a worker. So is the version itself, as version.json, which pages that are open ask for.
 *
 * The folder contains a folder for the version of the pages, a symbolic link `current` to it, and a lock file. A page
 * is only written to the folder of its own version, and the web server only looks in `current`:
 *   - a writer holds a shared lock and removes `current` before it starts (pagefile_withdraw);
 *   - a process that gets the exclusive lock, while nobody writes, reads the version and points `current` at its
 *     folder (pagefile_begin_publish).
 * So no file older than an acknowledged change is ever served. Changes that bypass the workers of this host are noticed
 * within the check interval.
 */
#ifndef PAGEFILE_PAGEFILE_H
#define PAGEFILE_PAGEFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "book/version.h"

struct pagefiles;

/*
 * Returns the page files of config, or NULL if they are disabled or, which is logged, the folder cannot be used. stamp
 * identifies templates and program. Free it with pagefile_free(). Every function accepts NULL and does nothing.
 */
struct pagefiles *pagefile_new(const struct config *config, uint32_t stamp);
void pagefile_free(struct pagefiles *files);

/*
 * For commands that write books: returns the page files of this host's workers; *files is NULL if they are disabled or
 * no worker has created their folder yet. ERR_INTERNAL: this process cannot withdraw existing ones, so it must not
 * write.
 */
enum err_code pagefile_join(const struct config *config, struct pagefiles **files, struct err *err);

/* Sets a new stamp after the templates have changed, and withdraws the files of older templates. */
void pagefile_set_stamp(struct pagefiles *files, uint32_t stamp);

/* Withdraws the files until pagefile_allow(). Unless it returns ERR_OK, nothing may be written. */
enum err_code pagefile_withdraw(struct pagefiles *files, struct err *err);
void pagefile_allow(struct pagefiles *files);

/* Returns whether a file of this page and version would be served now but does not exist. */
bool pagefile_is_wanted(struct pagefiles *files, uint64_t page, struct version version);

/* Writes a page and its compressed copy. A failure is logged and otherwise harmless. */
void pagefile_write(struct pagefiles *files, uint64_t page, struct version version, const struct buf *html);

/* Appends the file that the web server would serve to html. Returns false if there is none. */
bool pagefile_read(const struct pagefiles *files, uint64_t page, struct buf *html);

/* Returns whether maintenance is due: once per check interval, and right after this process's writes. */
bool pagefile_is_due(struct pagefiles *files);

/* Not for NULL: return whether files of any version, or of this version, were published at the last look. */
bool pagefile_is_published(struct pagefiles *files);
bool pagefile_shows(const struct pagefiles *files, struct version version);

/* Withdraws the published files permanently. Returns whether they are gone. */
bool pagefile_take_away(struct pagefiles *files);

/*
 * Takes the exclusive lock. Returns false if a write is running or files are already published. Otherwise call
 * pagefile_publish() with the version of the table, which also removes other versions, and then pagefile_allow().
 */
bool pagefile_begin_publish(struct pagefiles *files);
void pagefile_publish(struct pagefiles *files, struct version version);

/*
 * Measures the published files: version, time of publication (seconds since 1970), pages, bytes. Returns false if there
 * are none.
 */
bool pagefile_measure(struct pagefiles *files, struct version *version, int64_t *since, uint64_t *pages,
                      uint64_t *bytes);

#endif
