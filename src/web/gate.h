/* gate: who sends a request, and whether they may. Each route names the role that it needs (web/routes.c). */
#ifndef WEB_GATE_H
#define WEB_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "book/change.h"
#include "people/role.h"
#include "web/route.h"

struct exchange;

/* Returns the role of somebody whom nobody knows: admin if the site is open, reader if everybody may read. */
enum role gate_stranger(const struct config *config);

/* Returns whether all but those who are signed in see the same pages, so that these may be kept in page files. */
bool gate_has_common_pages(const struct config *config);

/*
 * Finds out who sends a request and sets exchange->person. While MySQL is down everybody is a stranger, and
 * exchange->is_unsure. Returns false after responding to a token that is not valid.
 */
bool gate_identify(struct exchange *exchange);

/*
 * Returns whether the sender of a request has the role that a route needs. If not, responds: a stranger is led to the
 * sign-in page or gets a 401, somebody who is signed in a 403.
 */
bool gate_pass(struct exchange *exchange, const struct route *route);

/*
 * Returns whether the sender of a request may change this many books at once: an editor LIMIT_EDIT_EDITOR, or delete
 * LIMIT_EDIT_EDITOR_DELETES, an admin any number. If not, responds with a 403.
 */
bool gate_pass_edit(struct exchange *exchange, enum change_op op, uint64_t books);

/*
 * Returns the way back after signing in, a path without the base path of the site: the parameter to if it is one, else
 * "/".
 */
const char *gate_way_back(struct exchange *exchange, struct text to);

#endif
