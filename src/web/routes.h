/* routes: every address of the application, with the methods and the handler of each, in one table. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "web/route.h"

/* Ends with a route without a handler. */
extern const struct route routes[];

#endif
