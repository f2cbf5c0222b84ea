/*
 * answers: complete answers to searches that are asked again and again, in a file that the workers of this host share
 * (base/shared.h). An answer is used as long as the table has the version that it shows.
 *
 * Only what all strangers see is kept, of the version that was verified, once a worker has been asked for it twice. A
 * slot of the file has a checksum over everything in it, so that workers need no lock: one that is half written holds
 * no answer.
 */
#ifndef WEB_ANSWERS_H
#define WEB_ANSWERS_H

#include <stdbool.h>

#include "base/config.h"
#include "web/app.h"

struct answers;

/* Returns the answers of this host. config must outlive them. Free them with answers_free(). */
struct answers *answers_new(const struct config *config);
void answers_free(struct answers *answers);

/* Responds with the kept answer to the request. Returns false if there is none. */
bool answers_serve(struct exchange *exchange);

/*
 * For handlers: the response shows page, the result of query, and may be kept, if that is of the verified version in
 * the index. A page of the whole list is not kept: it is from the index only until the list in Redis is back.
 */
void answers_allow(struct exchange *exchange, const struct query *query, const struct catalogue_page *page);

/* Keeps the response, if a handler has allowed it and it was asked for before. */
void answers_keep(struct exchange *exchange);

#endif
