/*
 * export: the whole result of a query as a download. It is streamed from one snapshot in constant memory, and the
 * header X-Total-Count has the number of books. After a failure half-way the connection is aborted, so that no client
 * takes a part for the whole.
 */
#ifndef WEB_EXPORT_H
#define WEB_EXPORT_H

#include "web/route.h"

/*
 * GET /export.csv, optionally with bom=1 and raw=1, and GET /export.ndjson. Both take the parameters of a list except
 * its pages.
 */
void export_csv(struct exchange *exchange);
void export_ndjson(struct exchange *exchange);

#endif
