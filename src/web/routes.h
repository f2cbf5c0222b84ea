/* routes: one table of all URLs of the application with their methods and handlers. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "web/route.h"

/* Terminated by a route without a handler. */
extern const struct route routes[];

#endif
