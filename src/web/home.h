/* home: the home page. */
#ifndef WEB_HOME_H
#define WEB_HOME_H

#include "web/route.h"

/* GET / */
void home_show(struct exchange *exchange);

#endif
