/* api_edit: edits of many books, for programs. */
#ifndef WEB_API_EDIT_H
#define WEB_API_EDIT_H

#include "web/route.h"

/* POST /api/edits: edits the books that the parameters find, or that the body names; with dry_run it only plans. */
void api_edit(struct exchange *exchange);

/* GET /api/edits/NUMBER */
void api_edit_get(struct exchange *exchange);

/* POST /api/edits/NUMBER/undo and /api/edits/NUMBER/continue */
void api_edit_undo(struct exchange *exchange);
void api_edit_continue(struct exchange *exchange);

#endif
