/* pages: the handlers of the pages that people see, and the table of all routes. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/route.h"

/* Ends with a route without a handler. */
extern const struct route pages_routes[];

#endif
