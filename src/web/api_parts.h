/* Shared by api.c (reading) and api_write.c (writing). */
#ifndef WEB_API_PARTS_H
#define WEB_API_PARTS_H

#include "web/api.h"
#include "web/app.h"

/* Returns the ETag of a book, in the arena: a strong one, since a book has only one representation. */
const char *api_etag(const struct exchange *exchange, const struct book *book);

/*
 * Reads the body, and takes the key of the request. Responds and returns false if it is of another type than type, too
 * large or incomplete, or the key is not valid.
 */
bool api_read_body(struct exchange *exchange, const char *type, struct text *body);

/* Responds with a book, or with a 304 if the client has it. */
void api_show(struct exchange *exchange, int status, const struct book *book);

#endif
