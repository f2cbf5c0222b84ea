/* account: the page of a person: their password and their sessions. */
#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "web/route.h"

/* GET /account */
void account_show(struct exchange *exchange);

/* POST /account; the parameter do is "password", "end" (a session) or "end-others" */
void account_send(struct exchange *exchange);

#endif
