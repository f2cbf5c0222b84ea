/* timings: the page that shows how long it takes to fetch books, each way there is. */
#ifndef WEB_TIMINGS_H
#define WEB_TIMINGS_H

#include "web/route.h"

/* Shows what was measured last. */
void timings_show(struct exchange *exchange);

/*
 * Measures anew, which takes some seconds, and leads to the page that shows it. One worker of this host at a time does
 * so, and the others go on; a second request meanwhile is asked to come back (503).
 */
void timings_measure(struct exchange *exchange);

#endif
