/* datatable: the rows of a table, while someone types, sorts and pages, for DataTables (web/table_request.h). */
#ifndef WEB_DATATABLE_H
#define WEB_DATATABLE_H

#include "web/route.h"

/*
 * Responds with JSON (view/json_table.h). An answer has all rows that were requested, at most LIMIT_API_ROWS; if the
 * result has more of them, the answer is an error. Errors in the request have status 200 and the member error:
 * DataTables shows users that and nothing else.
 */
void datatable_show(struct exchange *exchange);

#endif
