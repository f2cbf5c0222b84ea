/* session: the cookie that carries the secret of a session (people/people.h). */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "base/text.h"

struct exchange;

/* Returns the secret that a request carries; the empty text if there is none. */
struct text session_secret(const struct exchange *exchange);

/* Sets the cookie, or makes the browser forget it. */
void session_set(struct exchange *exchange, struct text secret);
void session_forget(struct exchange *exchange);

#endif
