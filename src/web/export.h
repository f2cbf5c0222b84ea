/*
 * export: all that a query finds as a file to download. It is streamed from one snapshot while it is read, in memory
 * that does not grow with it, after the number of books (X-Total-Count). If something fails half-way the connection is
 * cut, so that no client takes a part for the whole.
 */
#ifndef WEB_EXPORT_H
#define WEB_EXPORT_H

#include "web/route.h"

/* GET /export.csv, with bom=1 and raw=1, and GET /export.ndjson; else with the parameters of a list, but its pages. */
void export_csv(struct exchange *exchange);
void export_ndjson(struct exchange *exchange);

#endif
