/*
 * once: requests that are written once, however often they are sent: twice by a double click, again after a time-out or
 * by the Back button. A form has a key in a hidden field, a request to the API in the header Idempotency-Key
 * (draft-ietf- httpapi-idempotency-key-header). The key is stored with the write (book/write.h). A request without one
 * is written each time.
 */
#ifndef WEB_ONCE_H
#define WEB_ONCE_H

#include <stdbool.h>

#include "base/text.h"

struct exchange;

/* The name of the hidden field. */
#define ONCE_FIELD "once"

/*
 * Take the key of a form, or that of a request to the API with this body, into the exchange. Respond and return false
 * if it is not valid: 1 to LIMIT_KEY_BYTES visible ASCII characters, in the header also as a quoted string.
 */
bool once_take_form(struct exchange *exchange);
bool once_take_header(struct exchange *exchange, struct text body);

/* Returns the key for the forms on the page that responds: that of the sent form, which may be sent again, or a new
 * one. */
struct text once_key(const struct exchange *exchange);

/* Forgets the key of the sent form, because another form was written under it. */
void once_renew(struct exchange *exchange);

#endif
