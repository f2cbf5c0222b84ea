/* origin: the site that a request is meant for, and where the request comes from. */
#ifndef WEB_ORIGIN_H
#define WEB_ORIGIN_H

#include <stdbool.h>

#include "web/request.h"

/*
 * Returns whether a request is meant for this site: its Host, without the port, is one of hosts (separated by commas or
 * blanks, ignoring case), hosts is empty, or there is no Host. In a DNS rebinding attack a browser sends the attacker's
 * name and treats our pages as that site's own.
 */
bool origin_is_our_host(const struct request *request, const char *hosts);

/*
 * Returns whether the origin of a request may write: our own pages (by Sec-Fetch-Site or, for older browsers, by an
 * Origin with the same scheme and host), or a client that is not a browser and sends neither header.
 */
bool origin_is_same_site(const struct request *request);

/* Returns the address of the site, without its base path: as set, or else "https://host" of the request, in arena. */
const char *origin_site(const struct request *request, struct arena *arena);

#endif
