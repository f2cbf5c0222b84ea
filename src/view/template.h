/*
 * template: the folder of ClearSilver templates. Each is parsed once and rendered many times, with new values in place
 * of those it was parsed with, until a file in the folder changes. Escaping is always on.
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

/* Renders the template called name ("list.cs") with the values of hdf and appends the result to out. */
enum err_code templates_render(struct templates *templates, const char *name, HDF *hdf, struct buf *out,
                               struct err *err);

/*
 * Checks, at most once a second, whether a template was changed, added or removed. If so, drops all parses, so that the
 * next page uses the new texts, and returns true.
 */
bool templates_refresh(struct templates *templates);

/* Returns a checksum (CRC-32) of the texts of all templates. Pages are rendered from exactly these texts. */
uint32_t templates_stamp(const struct templates *templates);

/* Translates an error of ClearSilver and frees it. Returns ERR_INTERNAL. */
enum err_code template_error(NEOERR *error, const char *name, struct err *err);

#endif
