/*
 * pagefile: list pages as files that the web server answers with before it asks a worker.
 *
 * The folder holds a folder for the version that they were rendered from, its symbolic link `current`, and a lock file.
 * A page is only ever written into the folder of its own version, and the web server only looks into `current`:
 *   - whoever changes a book holds the lock shared and takes `current` away before it begins (pagefile_withdraw);
 *   - whoever can take the lock alone, when nobody is changing anything, reads the version and points `current` at its
 *     folder (pagefile_begin_publish).
 * So no file older than an acknowledged change is ever served. Changes made past the workers of this host are noticed
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
 * Returns the page files that config asks for, or NULL if it asks for none or the folder cannot be used, which the log
 * says then. stamp tells templates and programs apart. Free it with pagefile_free(). Every function takes NULL and does
 * nothing.
 */
struct pagefiles *pagefile_new(const struct config *config, uint32_t stamp);
void pagefile_free(struct pagefiles *files);

/*
 * For a command that writes books: returns the page files that workers of this host serve, NULL in *files if config
 * asks for none or no worker has made their folder yet. ERR_INTERNAL: there are some that this process cannot withdraw,
 * so it may write nothing.
 */
enum err_code pagefile_join(const struct config *config, struct pagefiles **files, struct err *err);

/* Tells that the templates have changed: files of other templates are withdrawn when the files are next looked after.
 */
void pagefile_set_stamp(struct pagefiles *files, uint32_t stamp);

/* Takes the files away until pagefile_allow(). On anything but ERR_OK nothing may be changed. */
enum err_code pagefile_withdraw(struct pagefiles *files, struct err *err);
void pagefile_allow(struct pagefiles *files);

/* Whether a file of this page, of this version, would be served now and is not there yet. */
bool pagefile_is_wanted(struct pagefiles *files, uint64_t page, struct version version);

/* Writes a page, and its compressed twin. A failure is logged and costs nothing but the file. */
void pagefile_write(struct pagefiles *files, uint64_t page, struct version version, const struct buf *html);

/* Adds the file that the web server would answer with to html. Returns false if there is none. */
bool pagefile_read(const struct pagefiles *files, uint64_t page, struct buf *html);

/* Returns whether the folder is to be looked after: once in the check interval, and at once after a change of ours. */
bool pagefile_is_due(struct pagefiles *files);

/* Not for NULL: returns whether files of some version are published; whether they are of this one, as of that look. */
bool pagefile_is_published(struct pagefiles *files);
bool pagefile_shows(const struct pagefiles *files, struct version version);

/* Withdraws what is published, for good. Returns whether it is gone. */
bool pagefile_take_away(struct pagefiles *files);

/*
 * Takes the lock alone. Returns false if somebody changes a book just now or files are published already. Otherwise
 * pagefile_publish() may publish those of the version that the table is at, and remove the others; end with
 * pagefile_allow().
 */
bool pagefile_begin_publish(struct pagefiles *files);
void pagefile_publish(struct pagefiles *files, struct version version);

/* Measures what is published: of which version, since when (seconds since 1970), pages, bytes. Returns false if nothing
   is. */
bool pagefile_measure(struct pagefiles *files, struct version *version, int64_t *since, uint64_t *pages,
                      uint64_t *bytes);

#endif
