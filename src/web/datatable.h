/*
 * datatable: the live list, while someone types, sorts and pages: DataTables' server-side protocol
 * (https://datatables.net/manual/server-side) plus the filters of the list:
 *
 *     draw=3 start=0 length=50 search[value]=... order[0][name]=title order[0][dir]=desc
 *     category=... publisher=... edition=... from=2020-01-01 until=2020-12-31 facets=1
 *
 * The column to sort by is given by name, or by number if columns[NUMBER][name] or [data] names it. Only the first
 * order counts. A length of -1, or a large one, means LIMIT_PAGE_ROWS. facets: also count the choices.
 */
#ifndef WEB_DATATABLE_H
#define WEB_DATATABLE_H

#include "web/route.h"

/* Responds with JSON (view/json_table.h), or with the error in the request. */
void datatable_show(struct exchange *exchange);

#endif
