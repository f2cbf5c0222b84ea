/* origin: which site a request is meant for, and which site it comes from. */
#ifndef WEB_ORIGIN_H
#define WEB_ORIGIN_H

#include <stdbool.h>

#include "web/request.h"

/*
 * Whether a request is meant for this site: its Host, without the port, is one of hosts (names with commas or blanks
 * between; case does not matter), hosts is empty, or there is no Host. A browser that resolved a foreign name to our
 * address (DNS rebinding) sends that name, and takes our pages for that site's own.
 */
bool origin_is_our_host(const struct request *request, const char *hosts);

/*
 * Whether a write may come from where this request comes from: from our own pages (Sec-Fetch-Site, or, where a browser
 * is too old to send it, Origin, with the same scheme and host) or from a client other than a browser, which sends
 * neither.
 */
bool origin_is_same_site(const struct request *request);

#endif
