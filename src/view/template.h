/*
 * template: the folder of ClearSilver templates. Each is parsed once and rendered many times, as ClearSilver allows
 * when the values are put in place of those it was parsed with, until a file of the folder changes. Escaping is on for
 * all of them.
 */
#ifndef VIEW_TEMPLATE_H
#define VIEW_TEMPLATE_H

#include <ClearSilver/ClearSilver.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct templates;

/* Returns the templates of folder, none parsed yet. Free them with templates_free(). */
struct templates *templates_new(const char *folder);
void templates_free(struct templates *templates);

/* Renders the template called name ("list.cs") with the values of hdf, and adds the result to out. */
enum err_code templates_render(struct templates *templates, const char *name, HDF *hdf, struct buf *out,
                               struct err *err);

/*
 * Looks, at most once a second, whether a template has changed, come or gone. If so it forgets all parses, so that the
 * next page is made from the new texts, and returns true.
 */
bool templates_refresh(struct templates *templates);

/*
 * Returns a number that tells the texts of the templates from others (CRC-32 of all of them). Pages are made from these
 * very texts.
 */
uint32_t templates_stamp(const struct templates *templates);

/* Translates an error of ClearSilver and frees it. Returns ERR_INTERNAL. */
enum err_code template_error(NEOERR *error, const char *name, struct err *err);

#endif
