/* sign_in: signing in and out, and choosing a password by an invitation. */
#ifndef WEB_SIGN_IN_H
#define WEB_SIGN_IN_H

#include "people/people.h"
#include "web/route.h"

/* GET and POST /sign-in; the parameter to is the page to return to */
void sign_in_show(struct exchange *exchange);
void sign_in_send(struct exchange *exchange);

/* POST /sign-out */
void sign_out(struct exchange *exchange);

/* GET and POST /invitation; the parameter key is the secret */
void invitation_show(struct exchange *exchange);
void invitation_send(struct exchange *exchange);

/*
 * Starts a session of a person who has given their password, and leads to a path of this site, without its base path.
 * After an error it has not responded. ERR_NOT_FOUND: the password was changed meanwhile.
 */
enum err_code sign_in_begin(struct exchange *exchange, const struct person *person, const char *to);

#endif
