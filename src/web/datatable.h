/*
 * datatable: the list, as a table in a browser asks for it while somebody types, sorts and turns pages: DataTables'
 * server-side protocol (https://datatables.net/manual/server-side), with the list's own filters beside it:
 *
 *     draw=3 start=0 length=50 search[value]=... order[0][name]=title order[0][dir]=desc
 *     category=... publisher=... edition=... from=2020-01-01 until=2020-12-31 facets=1
 *
 * The column of the order goes by its name; or by its number, where columns[NUMBER][name] or [data] names it. The first
 * order counts. A length of -1, or a large one, is LIMIT_PAGE_ROWS. facets: count what there is to choose from as well.
 */
#ifndef WEB_DATATABLE_H
#define WEB_DATATABLE_H

#include "web/route.h"

/* Answers with JSON (view/json_table.h), or says what is wrong with the question. */
void datatable_show(struct exchange *exchange);

#endif
