/*
 * pagefile: list pages as files that the web server answers with before it asks a worker.
 *
 * The folder holds a folder for the version that they were rendered from, its symbolic link `current`, and a lock file.
 * A page is only ever written into the folder of its own version, and the web server only looks into `current`:
 *   - whoever changes a book holds the lock shared and takes `current` away before it begins (pagefile_withdraw);
 *   - whoever can take the lock alone, when nobody is changing anything, reads the version and points `current` at its
 *     folder (pagefile_tend). The version is read with the lock of its row, so that the transaction of a writer that
 *     was killed has come to its end, too.
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
#include "catalogue/catalogue.h"

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

/* Tells that the templates have changed: files of other templates are withdrawn at the next pagefile_tend(). */
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

/* Looks after the folder: publishes the files of the present version, withdraws those of a past one, removes old ones.
   Does something at most once in the check interval, and at once after a change of ours. */
void pagefile_tend(struct pagefiles *files, struct catalogue *catalogue);

#endif
