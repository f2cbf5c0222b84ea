/* users: the pages on which an admin manages people. */
#ifndef WEB_USERS_H
#define WEB_USERS_H

#include "web/route.h"

/* GET /users; POST /users adds a person and shows their invitation */
void users_show(struct exchange *exchange);
void users_send(struct exchange *exchange);

/* GET /users/NAME; POST: the parameter do is "role", "invite" or "remove" */
void user_show(struct exchange *exchange);
void user_send(struct exchange *exchange);

#endif
