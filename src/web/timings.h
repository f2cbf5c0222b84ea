/* timings: the page that shows how long each way of fetching books takes. */
#ifndef WEB_TIMINGS_H
#define WEB_TIMINGS_H

#include "web/route.h"

/* Shows the last measurement. */
void timings_show(struct exchange *exchange);

/*
 * Measures again, which takes a few seconds, and redirects to the page with the result. One worker of this host does so
 * at a time while the others keep serving; a second request gets a 503 with Retry-After.
 */
void timings_measure(struct exchange *exchange);

#endif
